// Another person: the page is theirs then.
document.getElementById('who').addEventListener('change', (event) => event.target.form.submit());
