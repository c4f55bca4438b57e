package dev.remix.bench.work;

import java.nio.file.Path;

/**
 * A size of model with the data that suits it.
 *
 * @param batchSize examples a step, as many as Hugging Face's trainer takes by default at the larger size
 * @param batches steps a block
 */
public record Size(String name, Lengths lengths, int batchSize, int batches) {
    public static final String TINY = "tiny";
    public static final String SMALL = "small";

    /** The shipped model: four layers of width 128. */
    public static Size tiny(int batchSize) {
        return new Size(TINY, new Lengths(64, 0.6, 16, 256), batchSize, 8);
    }

    /** Width 768, where matrix products are most of the work. */
    public static Size small(int batchSize) {
        return new Size(SMALL, new Lengths(128, 0.7, 32, 512), batchSize, 4);
    }

    /** What {@code small} is made of; layers and vocabulary are the caller's choice. */
    public static Shape smallShape(int layers, int vocabulary) {
        return new Shape(vocabulary, 768, 2048, layers, 12, 12, 64, 512);
    }

    /** Where the model lies, once it is there. */
    public static Path model(Path directory) {
        return directory.resolve("model");
    }
}
