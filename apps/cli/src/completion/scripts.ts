/** What the scripts call. No command of the help: it is of use to nobody else. */
export const completing = '__complete';

/** A line of its own in the answer: the names of files are wanted here. */
export const filesWanted = '@files';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** Each asks the program for every Tab: the words up to the cursor go in, and a candidate with its description comes in each line. */
export const scripts: Readonly<Record<Shell, string>> = {
  // Without the bash-completion package, and in the bash 3.2 of macOS. Bash takes = and : for ends of words, and we do not.
  bash: `# Completion of ocpp-csms for bash. In ~/.bashrc:  source <(ocpp-csms completion bash)
_ocpp_csms() {
  local line="\${COMP_LINE:0:COMP_POINT}" last="\${COMP_WORDS[COMP_CWORD]}" current cut candidate
  local -a words
  read -r -a words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  current="\${words[\${#words[@]}-1]}"
  [[ "$last" == [=:] ]] && last=""
  cut="\${current%"$last"}"
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    if [[ "$candidate" == "${filesWanted}" ]]; then
      compopt -o default 2>/dev/null
      COMPREPLY+=($(compgen -f -- "$last"))
      continue
    fi
    [[ "$candidate" == *[=.] ]] && compopt -o nospace 2>/dev/null
    COMPREPLY+=("$(printf '%q' "\${candidate#"$cut"}")")
  done < <("\${words[0]}" ${completing} "\${words[@]:1}" 2>/dev/null)
}
complete -F _ocpp_csms ocpp-csms
`,
  zsh: `#compdef ocpp-csms
# Completion of ocpp-csms for zsh. In ~/.zshrc, behind compinit:  source <(ocpp-csms completion zsh)
_ocpp_csms() {
  local candidate description wants_files=0
  local -a values descriptions open
  while IFS=$'\\t' read -r candidate description; do
    if [[ "$candidate" == "${filesWanted}" ]]; then
      wants_files=1
    elif [[ "$candidate" == *[=.] ]]; then
      open+=("$candidate")
    else
      values+=("$candidate")
      descriptions+=("\${candidate//:/\\\\:}\${description:+:$description}")
    fi
  done < <("\${words[1]}" ${completing} "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#open} )) && compadd -S '' -- "\${open[@]}"
  (( \${#values} )) && _describe 'ocpp-csms' descriptions
  (( wants_files )) && _files
  return 0
}
compdef _ocpp_csms ocpp-csms
`,
  fish: `# Completion of ocpp-csms for fish. Once:  ocpp-csms completion fish > ~/.config/fish/completions/ocpp-csms.fish
function __ocpp_csms_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] ${completing} $words[2..-1] 2>/dev/null)
        if test "$line" = "${filesWanted}"
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c ocpp-csms -f -a '(__ocpp_csms_complete)'
`,
};
