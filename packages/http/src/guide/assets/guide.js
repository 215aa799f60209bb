// The guide works without this: it adds copy buttons, results while you type, and "/" to get to the search.
const prefix = document.body.dataset.prefix ?? '';
const form = document.querySelector('form[role=search]');
const input = form.querySelector('input');
const live = form.querySelector('.live');
const waitMs = 120;

for (const block of document.querySelectorAll('.code')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    button.textContent = (await copy(block.querySelector('code'))) ? 'Copied' : 'Select it and copy';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1500);
  });
  block.append(button);
}

/** Browsers give the clipboard to pages over HTTPS and from this machine alone; elsewhere the text is selected. */
async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(code);
    return false;
  }
}

const contents = document.querySelector('details.contents');
if (matchMedia('(max-width: 60rem)').matches) contents.open = false;
contents.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });

let timer;
let asked = 0;
input.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(showResults, waitMs);
});

async function showResults() {
  const turn = ++asked;
  const query = input.value.trim();
  if (query.length < 2) return close();
  const response = await fetch(`${prefix}search.json?${new URLSearchParams({ q: query })}`);
  if (!response.ok || turn !== asked) return;
  const found = await response.json();
  live.replaceChildren(...(found.length === 0 ? [words('Nothing was found.')] : found.slice(0, 8).map(resultOf)));
  live.hidden = false;
}

function resultOf({ target, page, section, excerpt }) {
  const link = document.createElement('a');
  link.href = target === '' ? `${prefix}../guide` : prefix + target;
  const title = document.createElement('strong');
  title.textContent = section === page ? page : `${page}: ${section}`;
  link.append(title, words(excerpt));
  return link;
}

function words(text) {
  const paragraph = document.createElement('span');
  paragraph.textContent = text;
  return paragraph;
}

function close() {
  live.hidden = true;
}

document.addEventListener('click', (event) => {
  if (!form.contains(event.target)) close();
});
document.addEventListener('keydown', (event) => {
  const typing = event.target instanceof HTMLInputElement;
  if (event.key === '/' && !typing) {
    event.preventDefault();
    input.focus();
  }
  if (event.key === 'Escape') close();
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') moveInResults(event);
});

function moveInResults(event) {
  if (live.hidden || !form.contains(event.target)) return;
  const links = [input, ...live.querySelectorAll('a')];
  const step = event.key === 'ArrowDown' ? 1 : -1;
  event.preventDefault();
  links[(links.indexOf(document.activeElement) + step + links.length) % links.length].focus();
}
