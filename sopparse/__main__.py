"""`python -m sopparse`"""

from sopparse.cli import main

if __name__ == "__main__":
    main()
