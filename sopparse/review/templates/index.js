document.getElementById('language').addEventListener('change', event => { document.documentElement.lang = document.documentElement.dataset.lang = event.target.value; });
