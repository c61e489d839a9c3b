const data = JSON.parse(document.getElementById('data').textContent);

// Text of recordings is not trusted: it becomes text nodes only, never markup.

/** Makes an element. Children are elements or texts; null is left out. */
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

/** Shows a name of a recording, isolated from its surroundings whatever its direction. */
function name(text) {
  return el('bdi', { class: 'name' }, text);
}

/** Lets a child that is wider than the page scroll by itself, also by keyboard. */
function scroller(label, child) {
  return el('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': label }, child);
}
