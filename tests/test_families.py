"""The families: their truth says which steps are the same, and it is the same for the same seed."""

from __future__ import annotations

from tests.bench.families import true_pairs
from tests.families.build import families, family
from tests.families.procedures import load, plans


def test_sixty_procedures_in_two_halves() -> None:
    names = [
        entry["id"] for half in ("develop_a", "develop_b", "held_a", "held_b") for entry in load(half)["procedure"]
    ]
    assert len(names) == len(set(names)) == 60
    assert len(plans("develop")) >= 30
    assert len(plans("held")) >= 30


def test_the_truth_belongs_to_the_steps() -> None:
    for one in families("held", 1)[:10]:
        assert len(one) >= 5
        for told in one:
            assert len(told.atoms) == len(told.result.sops[0].procedures[0].steps)
            assert all(told.atoms)


def test_the_same_seed_gives_the_same() -> None:
    plan = plans("develop")[3]
    assert family(plan, 3, 1) == family(plan, 3, 1)
    assert family(plan, 3, 1) != family(plan, 3, 2)


def test_agencies_merge_split_drop_add_and_reorder() -> None:
    told = [one for made in families("develop", 1) for one in made]
    assert any(len(atoms) > 1 for one in told for atoms in one.atoms)
    assert any(atom.endswith("b") and len(atoms) == 1 for one in told for atoms in one.atoms for atom in atoms)
    assert any("more" in atom for one in told for atoms in one.atoms for atom in atoms)
    orders = [
        [int("".join(filter(str.isdigit, min(atoms)))) for atoms in one.atoms if "more" not in min(atoms)]
        for one in told
    ]
    assert any(order != sorted(order) for order in orders)
    assert true_pairs(tuple(told[:2]))
