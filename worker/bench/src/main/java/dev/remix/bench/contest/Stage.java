package dev.remix.bench.contest;

import dev.remix.bench.engine.EngineContestant;
import dev.remix.bench.engine.MatrixPeak;
import dev.remix.bench.engine.MatrixPeak.Product;
import dev.remix.bench.engine.MatrixPeak.Products;
import dev.remix.bench.work.Shape;
import dev.remix.bench.work.Task.Precision;
import dev.remix.bench.work.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Where a contest takes place: one model, one workload, and the files that contestants are started from.
 *
 * @param directory for files of its own, empty
 * @param seed of initial adapters and of routing
 */
public record Stage(Path directory, Path model, Workload workload, Launch launch, long seed) {
    /** Side of the square that the machine's peak is measured with, beside the step's own shapes. */
    private static final int SQUARE = 2048;

    /** Starts everybody, one after the other; each waits for its turn. */
    public Contest open(List<Entrant> entrants, Consumer<String> progress) {
        Path data = directory.resolve("workload.json");
        workload.write(data);
        Contest contest = new Contest(workload.grouped().size(), peak(entrants), progress);
        try {
            for (Entrant entrant : entrants) {
                progress.accept("starting " + entrant.name());
                contest.add(entrant, start(entrant, data));
            }
            return contest;
        } catch (RuntimeException e) {
            contest.close();
            throw e;
        }
    }

    private Child start(Entrant entrant, Path data) {
        Path assignment = directory.resolve(entrant.name() + ".json");
        Assignment.of(entrant, model, data, launch.threads(), seed).write(assignment);
        List<String> command = entrant.side() == Side.ENGINE
                ? launch.java(EngineContestant.class.getName(), assignment)
                : launch.peer(entrant.side(), assignment);
        return Child.start(entrant.name(), command, directory.resolve(entrant.name() + ".log"));
    }

    private Child peak(List<Entrant> entrants) {
        Set<Precision> precisions = new TreeSet<>();
        entrants.forEach(entrant -> precisions.add(entrant.task().precision()));
        Path file = directory.resolve("products.json");
        Wire.JSON.writeValue(file, new Products(products(), List.copyOf(precisions)));
        List<String> command = launch.java(MatrixPeak.class.getName(), file);
        return Child.start("matrix products", command, directory.resolve("products.log"));
    }

    private List<Product> products() {
        Shape shape = Shape.read(model);
        int rows = workload.tokens() / workload.grouped().size();
        return List.of(
                new Product(SQUARE, SQUARE, SQUARE),
                new Product(rows, shape.hidden(), shape.hidden()),
                new Product(rows, shape.hidden(), shape.inner()),
                new Product(rows, shape.inner(), shape.hidden()));
    }
}
