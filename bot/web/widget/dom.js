// Elements made from names, properties and children; text is only ever text.

export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

export function button(text, act, properties) {
  return make("button", { type: "button", onclick: act, ...properties }, text);
}

export function icon(path, label, act, properties) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  picture.append(document.createElementNS(picture.namespaceURI, "path"));
  picture.firstChild.setAttribute("d", path);
  return button(picture, act, { className: "icon", ariaLabel: label, title: label, ...properties });
}

// A file for the person to keep.
export function save(name, type, text) {
  const href = URL.createObjectURL(new Blob([text], { type }));
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}
