// The widget's own words; what the bot says comes from the server.

const en = {
  locale: "en",
  open: "Open chat",
  close: "Close chat",
  fresh: "Open chat, new messages: {n}",
  machine: "A machine, not a person",
  log: "Conversation with {name}",
  you: "You said",
  said: "{name} said",
  sending: "Sending",
  unsent: "Not sent.",
  retry: "Send again",
  write: "Write a message",
  send: "Send",
  choices: "Suggested answers",
  greeting: "Hello! I am {name}, a machine. Ask me something, or ask what I can do.",
  offline: "No connection. What you write is kept and sent later.",
  dismiss: "Dismiss message",
  failed: "That did not work. {why}",
  settings: "Settings",
  back: "Back to the chat",
};

const fi = {
  locale: "fi",
  open: "Avaa keskustelu",
  close: "Sulje keskustelu",
  fresh: "Avaa keskustelu, uusia viestejä: {n}",
  machine: "Kone, ei ihminen",
  log: "Keskustelu: {name}",
  you: "Sinä sanoit",
  said: "{name} sanoi",
  sending: "Lähetetään",
  unsent: "Ei lähetetty.",
  retry: "Lähetä uudelleen",
  write: "Kirjoita viesti",
  send: "Lähetä",
  choices: "Vastausehdotukset",
  greeting: "Hei! Olen {name}, kone. Kysy jotain, tai kysy mitä osaan.",
  offline: "Ei yhteyttä. Viestisi säilyy ja lähtee myöhemmin.",
  dismiss: "Piilota viesti",
  failed: "Se ei onnistunut. {why}",
  settings: "Asetukset",
  back: "Takaisin keskusteluun",
};

const ALL = { en, fi };

export function wordsOf(language = "") {
  return ALL[language.slice(0, 2)] || en;
}
