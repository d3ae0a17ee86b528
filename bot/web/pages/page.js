// The demo page shows the chat, as the visitor or as the demo person named in its address.
import "/widget/bot.js";

const widget = document.createElement("bot-widget");
const user = new URLSearchParams(location.search).get("user");
if (user) widget.dataset.user = user;
if (user) document.querySelector('a[href="/me"]').search = location.search;
if (matchMedia("(min-width: 70em)").matches) widget.dataset.open = ""; // beside the text
document.body.append(widget);
