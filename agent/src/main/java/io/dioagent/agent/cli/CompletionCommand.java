package io.dioagent.agent.cli;

import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * Prints a script for a shell that defines dio-agent for this jar, and its completion. A shell
 * completes by the first word of a line, which with {@code java -jar} is java.
 */
@Command(
    name = "generate-completion",
    description = "prints a script for bash or zsh that defines dio-agent: source it")
final class CompletionCommand implements Callable<Integer> {
  /** Both shells read all of it, so that each has to accept the other's part. */
  private static final String SCRIPT =
      """
      #!/usr/bin/env bash
      # Defines dio-agent, and completes its commands, options, process ids and files.
      # For bash and zsh: source it.

      dio-agent() { java -jar '{jar}' "$@"; }

      # Prints the words that may follow a command; without one, those at the beginning.
      _dio_agent_words() {
        case "${1-}" in
      {words}  esac
      }

      # Whether a command's arguments are JVMs.
      _dio_agent_takes_jvm() {
        case "${1-}" in
          {jvm}) return 0 ;;
        esac
        return 1
      }

      if [ -n "${ZSH_VERSION-}" ]; then
        _dio_agent() {
          if [ "$CURRENT" -eq 2 ]; then
            compadd -- $(_dio_agent_words)
          elif [ "${words[2]}" = help ] || [ "${words[CURRENT]#-}" != "${words[CURRENT]}" ]; then
            compadd -- $(_dio_agent_words "${words[2]}")
          elif _dio_agent_takes_jvm "${words[2]}"; then
            compadd -- $(jps -q 2> /dev/null)
          else
            _files
          fi
        }
        if ! type compdef > /dev/null 2>&1; then
          autoload -U compinit
          compinit
        fi
        compdef _dio_agent dio-agent
      else
        _dio_agent() {
          local word="${COMP_WORDS[COMP_CWORD]}" command=
          if [ "$COMP_CWORD" -gt 1 ]; then
            command="${COMP_WORDS[1]}"
          fi
          COMPREPLY=()
          if [ -z "$command" ] || [ "$command" = help ] || [ "${word#-}" != "$word" ]; then
            COMPREPLY=($(compgen -W "$(_dio_agent_words "$command")" -- "$word"))
          elif _dio_agent_takes_jvm "$command"; then
            COMPREPLY=($(compgen -W "$(jps -q 2> /dev/null)" -- "$word"))
          fi
        }
        complete -o default -F _dio_agent dio-agent
      fi
      """;

  @ParentCommand private Tool tool;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandSpec root = spec.root();
    StringBuilder words = new StringBuilder();
    add(words, "''", String.join(" ", root.subcommands().keySet()) + options(root));
    StringBuilder jvm = new StringBuilder();
    for (Map.Entry<String, CommandLine> entry : root.subcommands().entrySet()) {
      CommandSpec command = entry.getValue().getCommandSpec();
      String more =
          entry.getKey().equals("help") ? String.join(" ", root.subcommands().keySet()) : "";
      add(words, entry.getKey(), (more + options(command)).strip());
      if (command.positionalParameters().stream()
          .anyMatch(argument -> argument.paramLabel().equals(Target.LABEL))) {
        jvm.append(jvm.length() == 0 ? "" : " | ").append(entry.getKey());
      }
    }
    String jar = tool.jar().getAbsolutePath().replace("'", "'\\''");
    tool.out()
        .print(
            SCRIPT
                .replace("{words}", words)
                .replace("{jvm}", jvm)
                .replace("{jar}", jar)); // Last: it may contain any of the others.
    return 0;
  }

  private static void add(StringBuilder cases, String command, String words) {
    cases.append("    ").append(command).append(") echo '").append(words).append("' ;;\n");
  }

  /** Returns the long names of a command's options, each behind a blank. */
  private static String options(CommandSpec command) {
    StringBuilder names = new StringBuilder();
    for (String name :
        new TreeSet<>(command.options().stream().map(OptionSpec::longestName).toList())) {
      names.append(' ').append(name);
    }
    return names.toString();
  }
}
