const data = JSON.parse(document.getElementById('data').textContent);

// Text of recordings comes from anybody: it becomes text nodes and nothing else, never markup.

/** An element. Children are elements or texts; null is left out. */
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  add(element, ...children);
  return element;
}

function add(element, ...children) {
  for (const child of children) {
    if (child !== null && child !== undefined) {
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
}

function button(action, attributes, ...children) {
  const element = el('button', { type: 'button', ...attributes }, ...children);
  element.addEventListener('click', () => action(element));
  return element;
}

/** A name out of a recording: kept apart from its surroundings, whatever direction it runs in. */
function name(text) {
  return el('bdi', { class: 'name' }, text);
}

/** What is wider than the page scrolls by itself, by keyboard too. */
function scroller(label, child) {
  return el('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': label }, child);
}
