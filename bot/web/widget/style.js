// How it looks: calm, in the host's colours, light and dark.

export const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host { --soft: light-dark(#f1f4f2, #242b29); --quiet: light-dark(#55615c, #a9b5b0); 
  --rule: light-dark(#e2e7e4, #2e3633); --warn: light-dark(#a3161f, #ffb0b3); --round: var(--bot-radius, 1.25em); }
* { box-sizing: border-box; }
.panel { position: fixed; inset-block-end: 1em; inset-inline-end: 1em; display: flex; flex-direction: column;
  width: 25em; height: min(42em, 100dvh - 2em); overflow: hidden; border: 1px solid var(--rule); border-radius: var(--round);
  color: var(--ink); background: var(--paper); box-shadow: 0 1em 3em rgb(0 0 0 / .2); overflow-wrap: anywhere; }
:host([data-position=left]) .panel { inset-inline: 1em auto; }
:host([data-frame]) .panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; }
@media (max-width: 30em), (max-height: 26em) { .panel { inset: 0 !important; width: auto; height: auto; border: 0; border-radius: 0; } }
.head { display: flex; align-items: center; gap: .625em; padding: .75em .5em .75em 1.125em; padding-inline: 1.125em .5em; border-block-end: 1px solid var(--rule); }
.face { flex: none; display: grid; place-items: center; width: 2.5em; height: 2.5em; border-radius: 50%; object-fit: cover; font-weight: 600; color: var(--on); background: var(--color); }
.name { flex: 1; min-width: 0; }
h2, h3, p, ul { margin: 0; font: inherit; }
h2 { min-height: 1.3em; font-weight: 650; line-height: 1.3; }
.name p { font-size: .8125em; line-height: 1.4; color: var(--quiet); }
input, select, textarea { margin: 0; font: inherit; color: inherit; }
button:not(.full):hover { background: var(--soft); }
.log:focus-visible { outline-offset: -3px; }
textarea:focus-visible { outline-width: 2px; outline-offset: -1px; }
.scroll { flex: 1; position: relative; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 1.125em; scroll-behavior: smooth; }
.line { max-width: 88%; margin-block-end: .875em; }
.bubble { width: fit-content; padding: .625em .875em; border: 1px solid transparent; border-radius: 1.125em; border-end-start-radius: .25em; background: var(--soft); }
.bubble > * + * { margin-block-start: .625em; }
.mine { margin-inline-start: auto; }
.mine > * { margin-inline-start: auto; }
.mine .bubble { border-radius: 1.125em; border-end-end-radius: .25em; color: var(--on); background: var(--color); }
.who, .hear { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.note { padding: .25em .25em 0; font-size: .75em; color: var(--quiet); }
.mine .note { text-align: end; }
.state:not(:empty) { margin-inline-end: .5em; }
.state button { min-height: 2em; padding: 0 .75em; color: var(--ink); }
a { color: inherit; text-underline-offset: .15em; }
ul { padding-inline-start: 1.25em; }
li + li { margin-block-start: .25em; }
code { padding: .1em .3em; border-radius: .3em; font: .9em ui-monospace, monospace; background: light-dark(#0000000f, #ffffff1f); }
.choices button { padding-inline: .75em; text-wrap: balance; }
.choices { display: grid; grid: auto-flow 1fr / repeat(auto-fit, minmax(9em, 1fr)); gap: .5em; }
.typing { width: fit-content; padding: .875em; border-radius: 1.125em; background: var(--soft); }
.typing i { float: inline-start; width: .4em; height: .4em; margin-inline: .125em; border-radius: 50%; background: var(--quiet); animation: breathe 1.2s infinite; }
.typing i + i { animation-delay: .2s; } .typing i + i + i { animation-delay: .4s; }
@keyframes breathe { 50% { opacity: .25; } }
.alert { padding: .5em 1.125em; font-size: .875em; color: var(--warn); }
.alert:empty { padding: 0; }
.write { display: flex; align-items: end; gap: .5em; padding: .75em; border-block-start: 1px solid var(--rule); }
textarea { flex: 1; field-sizing: content; min-width: 0; min-height: 2.75em; max-height: 8.5em; padding: .55em 1em; border: 1px solid light-dark(#7d8984, #7b8782); border-radius: 1.375em; background: none; resize: none; }
::placeholder { color: var(--quiet); opacity: 1; }
.write svg:dir(rtl) { transform: scaleX(-1); }
.badge { position: absolute; inset: -.25em -.25em auto auto; min-width: 1.7em; border: 1px solid #fff; border-radius: 1em; font-size: .8em; font-weight: 600; text-align: center; color: #fff; background: #a3161f; }
.hint { position: absolute; inset: auto 0 4.25em auto; display: flex; width: min(19em, 100vw - 2em); padding: .25em; border: 1px solid var(--rule); border-radius: 1.25em; color: var(--ink); background: var(--paper); box-shadow: 0 .5em 2em rgb(0 0 0 / .18); }
.hint:empty { display: none; }
.hint :first-child { flex: 1; border: 0; text-align: start; }
.hint span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden; }
:host([data-position=left]) .hint { inset-inline: 0 auto; }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; scroll-behavior: auto !important; } }
`);

// The colours of the brand; the host's own --bot-color comes before them.
export const brand = new CSSStyleSheet();
