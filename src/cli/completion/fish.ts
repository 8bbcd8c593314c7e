/** Completion for fish. */
import { type CompletedCommand, type CompletedOption, listCommands, type Values } from "./model.ts";

/** A script for a folder of completions, as harden.fish. It starts no other program. */
export function printFish(root: CompletedCommand): string {
  const commands = listCommands(root);
  return `# Completion of harden for fish, written by: harden completion fish

# Whether the words before the cursor name this command, and, with --first, nothing stands behind it.
function __harden_at
    set -l path
    set -l words (commandline -opc)[2..]
    for word in $words
        switch (string join -- ' ' $path $word)
            case ${commands.filter(({ path }) => path !== "").map(({ path }) => quote(path)).join(" ")}
                set -a path $word
            case '*'
                break
        end
    end
    argparse first -- $argv
    if set -q _flag_first; and test (count $words) -ne (count $path)
        return 1
    end
    test "$path" = "$argv"
end

# A format, or FORMAT=FILE.
function __harden_formats
    set -l word (string replace -r '^(--[^=]*=|-o)' '' -- (commandline -ct))
    if string match -q -- '*=*' $word
        string replace -r '=.*' = -- $word | read -l format
        __fish_complete_path (string replace -r '^[^=]*=' '' -- $word) | string replace -r '^' $format
    else
        string split ' ' -- $argv
    end
end

complete -c harden -f
${commands.map(printCommand).join("")}`;
}

function printCommand({ path, commands, options, argument }: CompletedCommand): string {
  const at = `complete -c harden -n ${quote(`__harden_at${path === "" ? "" : ` ${path}`}`)}`;
  const first = `complete -c harden -n ${quote(`__harden_at --first${path === "" ? "" : ` ${path}`}`)}`;
  return [
    ...commands.map((sub) => `${first} -a ${sub.path.split(" ").at(-1) ?? ""} -d ${quote(sub.summary)}`),
    ...(argument === null ? [] : describe(argument.values).map((values) => `${at} ${values}`)),
    ...options.map((option) => `${at} ${printOption(option)}`),
  ].map((line) => `${line}\n`).join("");
}

function printOption({ short, long, description, value }: CompletedOption): string {
  const names = [...(short === null ? [] : [`-s ${short.slice(1)}`]), `-l ${long.slice(2)}`];
  const values = value === null ? [] : value.values.kind.endsWith("files") ? ["-r", ...describe(value.values)] : ["-x", ...describe(value.values)];
  return [...names, ...values, `-d ${quote(description)}`].join(" ");
}

function describe(values: Values): string[] {
  switch (values.kind) {
    case "words":
      return [`-a ${quote(values.words.join(" "))}`];
    case "formats":
      return [`-a ${quote(`(__harden_formats ${values.words.join(" ")})`)}`];
    case "words or files":
      return ["-F", `-a ${quote(values.words.join(" "))}`];
    case "files":
      return ["-F"];
    case "folders":
      return ["-a '(__fish_complete_directories)'"];
    case "anything":
      return [];
  }
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
