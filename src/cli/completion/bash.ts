/** Completion for bash 4.4 and newer. */
import { type CompletedCommand, listCommands, type Values } from "./model.ts";

/** A script to be sourced. It starts no other program. */
export function printBash(root: CompletedCommand): string {
  const commands = listCommands(root);
  return `# Completion of harden for bash, written by: harden completion bash
_harden() {
  local IFS=$' \\t\\n' index piece joined=0 path='' at=0 cur prev prefix=''
  local -a words=()
  # To bash = and : are words of their own: what was written as one word is put together again.
  for ((index = 1; index <= COMP_CWORD; index++)); do
    piece=\${COMP_WORDS[index]}
    if [[ $piece == +([=:]) ]] && ((\${#words[@]})); then words[-1]+=$piece joined=1
    elif ((joined)); then words[-1]+=$piece joined=0
    else words+=("$piece"); fi
  done
  while ((at < \${#words[@]} - 1)); do
    case "$path \${words[at]}" in
      ${commands.filter(({ path }) => path !== "").map(({ path }) => `" ${path}"`).join("|")}) path+=" \${words[at]}" at=$((at + 1)) ;;
      *) break ;;
    esac
  done
  cur=\${words[-1]} prev=''
  if ((\${#words[@]} - 2 >= at)); then prev=\${words[-2]}; fi
  if [[ $cur == --*=* ]]; then
    prev=\${cur%%=*} cur=\${cur#*=}
    if [[ $COMP_WORDBREAKS != *=* ]]; then prefix=$prev=; fi
  fi
  case "$path $prev" in
${listPlaces(commands).map(([values, patterns]) => `    ${patterns.join("|")})\n      ${complete(values)}\n      return ;;\n`).join("")}  esac
  if [[ $cur == -* ]]; then
    case $path in
${commands.map(({ path, options }) => `      ${quotePath(path)}) ${words(options.flatMap(({ short, long }) => [...(short === null ? [] : [short]), long]))} ;;\n`).join("")}    esac
    return
  fi
  case $path in
${commands.map((command) => printOperands(command)).join("")}  esac
}
complete -F _harden harden
`;
}

/** Commands stand first, arguments anywhere. */
function printOperands({ path, commands, argument }: CompletedCommand): string {
  const actions = [
    ...(commands.length === 0 ? [] : [`if ((at == \${#words[@]} - 1)); then ${words(commands.map((sub) => sub.path.split(" ").at(-1) ?? ""))}; fi`]),
    ...(argument === null ? [] : [complete(argument.values)]),
  ];
  return actions.length === 0 ? "" : `    ${quotePath(path)}) ${actions.join("; ")} ;;\n`;
}

/** Where the same is completed: after which options of which commands. */
function listPlaces(commands: readonly CompletedCommand[]): [Values, string[]][] {
  const places = new Map<string, [Values, string[]]>();
  for (const { path, options } of commands) {
    for (const { short, long, value } of options) {
      if (value === null) continue;
      const key = JSON.stringify(value.values);
      const place = places.get(key) ?? [value.values, []];
      places.set(key, place);
      for (const name of [short, long]) if (name !== null) place[1].push(`"${path === "" ? "" : ` ${path}`} ${name}"`);
    }
  }
  return [...places.values()];
}

function quotePath(path: string): string {
  return path === "" ? "''" : `" ${path}"`;
}

/** Bash completes names of files itself: it knows how to quote them. Only where = does not part words it cannot see where the name begins. */
function complete(values: Values): string {
  switch (values.kind) {
    case "words":
      return words(values.words);
    case "formats":
      return `if [[ $cur != *=* ]]; then
        ${words(values.words)}
        compopt -o nospace
      elif [[ $COMP_WORDBREAKS == *=* ]]; then compopt -o default
      else
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -P "$prefix\${cur%%=*}=" -- "\${cur#*=}")
      fi`;
    case "words or files":
      return `compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "${values.words.join(" ")}" -- "$cur"; compgen -f -P "$prefix" -- "$cur")`;
    case "files":
      return `if [[ -z $prefix ]]; then compopt -o default
      else
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -P "$prefix" -- "$cur")
      fi`;
    case "folders":
      return `if [[ -z $prefix ]]; then compopt -o dirnames
      else
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -d -P "$prefix" -- "$cur")
      fi`;
    case "anything":
      return ":";
  }
}

function words(list: readonly string[]): string {
  return `mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "${list.join(" ")}" -- "$cur")`;
}
