package dev.remix.agent;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The worker's process. */
@Command(
        name = "remix-worker",
        description = "Trains jobs of a Remix service on this machine.",
        mixinStandardHelpOptions = true,
        subcommands = RunCommand.class)
public final class Agent {
    private Agent() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Agent()).execute(arguments));
    }
}
