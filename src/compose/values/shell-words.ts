/** A command written as one text, split as Compose splits it (mattn/go-shellwords without variables and substitution). */

/** Null where quotes or parentheses do not close. What follows an unquoted `;`, `&`, `|`, `<` or `>` is dropped, as Compose drops it. */
export function splitWords(text: string): readonly string[] | null {
  const state: State = { words: [], word: "", begun: false, quoted: false, quote: null, escaped: false };
  for (const letter of text) {
    if (state.escaped) takeEscaped(state, letter);
    else if (letter === "\\") takeBackslash(state);
    else if (/[ \t\r\n]/.test(letter)) takeBlank(state, letter);
    else {
      const step = takeLetter(state, letter);
      if (step === "refused") return null;
      if (step === "end") break;
    }
  }
  flush(state);
  return state.escaped || state.quote !== null ? null : state.words;
}

type Quote = "'" | '"' | "`" | "$(";

interface State {
  readonly words: string[];
  word: string;
  begun: boolean;
  /** A word of two quotes with nothing between them counts. */
  quoted: boolean;
  quote: Quote | null;
  escaped: boolean;
}

function takeEscaped(state: State, letter: string): void {
  const inside = state.quote === "`" || state.quote === "$(";
  const meant = letter === "t" ? "\t" : letter === "n" ? "\n" : letter;
  state.word += inside ? `\\${letter}` : meant;
  state.begun = true;
  state.escaped = false;
}

function takeBackslash(state: State): void {
  if (state.quote === "'") state.word += "\\";
  else state.escaped = true;
}

function takeBlank(state: State, letter: string): void {
  if (state.quote === null) flush(state);
  else state.word += letter;
}

function takeLetter(state: State, letter: string): "taken" | "end" | "refused" {
  const { quote } = state;
  if (letter === '"' || letter === "'") {
    if (quote === letter) state.quoted = true;
    if (quote === null || quote === letter) {
      state.quote = quote === null ? letter : null;
      return "taken";
    }
  } else if (letter === "`" && (quote === null || quote === "`")) {
    state.quote = quote === null ? "`" : null;
  } else if (letter === "(" && (quote === null || quote === "$(")) {
    if (quote !== null || !/(^|[^\\])\$$/.test(state.word)) return "refused";
    state.quote = "$(";
    state.word += "(";
    return "taken";
  } else if (letter === ")" && (quote === null || quote === "$(")) {
    if (quote === null) return "refused";
    state.quote = null;
  } else if (";&|<>".includes(letter) && quote === null) {
    if (letter === ">" && /^[0-9]+$/.test(state.word)) dropWord(state);
    return "end";
  }
  state.word += letter;
  state.begun = true;
  return "taken";
}

/** `2>` names a file descriptor, not a word. */
function dropWord(state: State): void {
  state.word = "";
  state.begun = false;
  state.quoted = false;
}

function flush(state: State): void {
  if (state.quoted || (state.begun && state.word !== "")) state.words.push(state.word);
  dropWord(state);
}
