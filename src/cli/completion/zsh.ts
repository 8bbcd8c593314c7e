/** Completion for zsh. */
import { type CompletedCommand, type CompletedOption, listCommands, type Values } from "./model.ts";

/** A function for a folder of fpath, as _harden; it may be sourced as well. It starts no other program. */
export function printZsh(root: CompletedCommand): string {
  return `#compdef harden
# Completion of harden for zsh, written by: harden completion zsh

# A format, or FORMAT=FILE.
_harden_format() {
  if compset -P '*='; then _files; else compadd -S '' "$@"; fi
}

# One of some words, or a file.
_harden_word_or_file() {
  local words=1
  compadd "$@" && words=0
  _files || return $words
}

${listCommands(root).reverse().map(printFunction).join("\n")}
if [[ $funcstack[1] == _harden ]]; then _harden "$@"; else compdef _harden harden; fi
`;
}

function printFunction({ path, commands, options, argument }: CompletedCommand): string {
  const specs = [...options.flatMap(printOption), ...(argument === null ? [] : [quote(`${argument.many ? "*" : "1"}:${argument.name}:${describe(argument.values)}`)])];
  return `${nameOf(path)}() {
${commands.length === 0 ? "" : printCommands(commands)}  _arguments -s -S : \\
    ${specs.join(" \\\n    ")}
}
`;
}

/** A command stands first. */
function printCommands(commands: readonly CompletedCommand[]): string {
  const last = ({ path }: CompletedCommand): string => path.split(" ").at(-1) ?? "";
  return `  if (( CURRENT > 2 )); then
    case $words[2] in
${commands.map((sub) => `      ${last(sub)}) shift words; (( CURRENT-- )); ${nameOf(sub.path)}; return ;;\n`).join("")}    esac
  elif [[ $words[2] != -* ]]; then
    local -a commands=(
${commands.map((sub) => `      ${quote(`${last(sub)}:${sub.summary.replaceAll(":", "\\:")}`)}\n`).join("")}    )
    _describe -t commands command commands
    return
  fi
`;
}

function printOption({ short, long, description, value }: CompletedOption): string[] {
  const text = `[${description.replace(/[\\[\]:]/g, "\\$&")}]`;
  if (value === null) return [short === null ? quote(long + text) : `${quote(`(${short} ${long})`)}{${short},${long}}${quote(text)}`];
  const rest = `${text}:${value.name.replaceAll(":", "\\:")}:${describe(value.values)}`;
  return [short === null ? quote(`*${long}=${rest}`) : `${quote("*")}{${short}+,${long}=}${quote(rest)}`];
}

function describe(values: Values): string {
  switch (values.kind) {
    case "words":
      return `(${values.words.join(" ")})`;
    case "formats":
      return `_harden_format ${values.words.join(" ")}`;
    case "words or files":
      return `_harden_word_or_file ${values.words.join(" ")}`;
    case "files":
      return "_files";
    case "folders":
      return "_files -/";
    case "anything":
      return " ";
  }
}

function nameOf(path: string): string {
  return ["_harden", ...path.split(" ").filter((word) => word !== "")].join("_");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
