package dev.remix.bench.contest;

import java.nio.file.Path;
import java.util.List;

/**
 * How contestants are started.
 *
 * @param peers directory of the programs in Python
 * @param python the interpreter for them
 * @param threads of every contestant
 */
public record Launch(Path peers, String python, int threads) {

    /** A program of this class path on the engine's libraries, with the flags that a worker gets. */
    public List<String> java(String mainClass, Path argument) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.offline=true",
                "-Dai.djl.pytorch.num_threads=" + threads,
                "-cp",
                System.getProperty("java.class.path"),
                mainClass,
                argument.toString());
    }

    List<String> peer(Side side, Path argument) {
        return List.of(python, peers.resolve(side.script()).toString(), argument.toString());
    }
}
