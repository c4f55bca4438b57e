package dev.remix.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the client commands; {@code serve} and {@code pretrain} are other programs that the launcher script starts. */
@Command(
        name = "remix",
        description = "Train mixtures of LoRAs with reinforcement routing.",
        mixinStandardHelpOptions = true,
        subcommands = DemoCommand.class)
public final class Remix {
    private Remix() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Remix()).setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("remix: " + sentence(failure));
            if (System.getenv("REMIX_DEBUG") != null) {
                failure.printStackTrace(command.getErr());
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
    }

    private static String sentence(Exception failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() + " (REMIX_DEBUG=1 shows where)" : message;
    }
}
