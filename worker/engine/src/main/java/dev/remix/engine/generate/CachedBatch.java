package dev.remix.engine.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.Adapter.Use;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.device.HostArrays;
import dev.remix.engine.script.Script;
import dev.remix.engine.script.ScriptCall;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sequences that grow together, with their keys and values on the device; {@code torchscript/decoding.py} says how they lie.
 * Closing it frees them.
 */
final class CachedBatch implements AutoCloseable {
    /** A model with what is attached to it, and the script that runs both. */
    record Attached(Compute compute, Script script, Decoder decoder, Adapter adapter) {}

    private final Attached model;
    private final NDManager scope;
    private final PromptArrays prompts;
    private final int columns;
    private final NDArray sampling;
    private final NDArray stops;

    /** What extending needs besides the tokens: rows, in their order, and each list's arrays. */
    private List<Integer> rows;

    private NDList fixed = new NDList();
    private NDList scales = new NDList();
    private NDList keys = new NDList();
    private NDList values = new NDList();
    private long[] last = {};
    private int made;

    /**
     * @param prompts ascending in length
     * @param newTokens most that each can grow by
     */
    CachedBatch(Attached model, List<int[]> prompts, int newTokens, GenerationSettings settings) {
        this.model = model;
        this.scope = model.compute.scope();
        this.prompts = new PromptArrays(prompts);
        this.columns = this.prompts.longest() + newTokens;
        this.rows = IntStream.range(0, prompts.size()).boxed().toList();
        Sampling chosen = settings.sampling();
        this.sampling = HostArrays.of(scope, chosen.temperature(), chosen.topP());
        this.stops = scope.create(stops(settings));
    }

    /** A list of arguments can't be empty; no token is -1. */
    private static long[] stops(GenerationSettings settings) {
        return settings.stopTokens().isEmpty()
                ? new long[] {-1}
                : settings.stopTokens().stream()
                        .mapToLong(Integer::longValue)
                        .sorted()
                        .toArray();
    }

    /** Those that are still extended, by their places among the prompts. */
    List<Integer> rows() {
        return rows;
    }

    /** Reads the prompts: each row's first token. */
    long[][] read(double[] uniforms) {
        try (NDManager call = model.compute.scope()) {
            ScriptCall read = prompts.bind(model.script.call("read"), call)
                    .with("columns", HostArrays.of(call, (long) columns))
                    .with("uniforms", call.create(uniforms))
                    .with("sampling", sampling);
            NDList results = bind(read, call).infer(scope);
            int layers = model.decoder.config().layers();
            int sites = model.adapter.selectsByExample() ? model.adapter.sites().size() : 0;
            int end = results.size();
            fixed = orDummy(results.subList(1, 1 + sites));
            scales = orDummy(results.subList(1 + sites, end - 2 * layers));
            keys = new NDList(results.subList(end - 2 * layers, end - layers));
            values = new NDList(results.subList(end - layers, end));
            try (NDArray first = results.head()) {
                return taken(first.toLongArray(), 1);
            }
        }
    }

    /** What a call made: tokens, row after row. */
    private long[][] taken(long[] tokens, int steps) {
        long[][] byRow = IntStream.range(0, rows.size())
                .mapToObj(row -> Arrays.copyOfRange(tokens, row * steps, (row + 1) * steps))
                .toArray(long[][]::new);
        last = Arrays.stream(byRow).mapToLong(row -> row[steps - 1]).toArray();
        made += steps;
        return byRow;
    }

    private NDList orDummy(List<NDArray> arrays) {
        return new NDList(arrays.isEmpty() ? List.of(scope.zeros(new Shape(1))) : arrays);
    }

    /**
     * Further tokens of each row: as many as there are uniform numbers for each, or fewer where every row has ended by then.
     *
     * @param uniforms for each row in turn its tokens'
     * @param ended rows whose tokens don't matter
     */
    long[][] extend(double[] uniforms, boolean[] ended) {
        int count = rows.size();
        try (NDManager call = model.compute.scope()) {
            int[] gaps = rows.stream().mapToInt(prompts::gap).toArray();
            int[] places = rows.stream()
                    .mapToInt(row -> prompts.length(row) + made - 1)
                    .toArray();
            long filled = prompts.longest() + made - 1L;
            ScriptCall extend = model.script
                    .call("extend")
                    .with("last", call.create(last))
                    .with("places", longs(call, places))
                    .with("ended", call.create(ended))
                    .with("gaps", longs(call, gaps))
                    .with(
                            "state",
                            HostArrays.of(call, filled, Arrays.stream(gaps).anyMatch(gap -> gap > 0) ? 1 : 0))
                    .with("stops", stops)
                    .with("uniforms", call.create(uniforms, new Shape(count, uniforms.length / count)))
                    .with("sampling", sampling)
                    .with("fixed", fixed)
                    .with("scales", scales)
                    .with("keys", keys)
                    .with("values", values);
            long[] tokens = bind(extend, call).infer(call).singletonOrThrow().toLongArray();
            return taken(tokens, tokens.length / count);
        }
    }

    private static NDArray longs(NDManager scope, int[] values) {
        return scope.create(Arrays.stream(values).asLongStream().toArray());
    }

    private ScriptCall bind(ScriptCall call, NDManager scope) {
        Adapter adapter = model.adapter;
        Shape silence = new Shape(1, Math.max(1, adapter.sites().size()), 1, adapter.loras());
        return adapter.bind(model.decoder.bind(call), Use.INFERENCE, scope).with("noise", scope.zeros(silence));
    }

    /** Goes on with some of the rows only, and frees what the others had. */
    void keep(List<Integer> indices) {
        try (NDManager call = model.compute.scope()) {
            long[] kept = indices.stream().mapToLong(Integer::longValue).toArray();
            keys = narrowed(keys, 0, kept, call);
            values = narrowed(values, 0, kept, call);
            if (model.adapter.selectsByExample()) {
                fixed = narrowed(fixed, 1, kept, call);
            }
            last = Arrays.stream(kept).map(index -> last[(int) index]).toArray();
            rows = indices.stream().map(rows::get).toList();
        }
    }

    private NDList narrowed(NDList arrays, long dim, long[] kept, NDManager call) {
        NDList narrowed = model.script
                .call("narrowed")
                .with("arrays", arrays)
                .with("dim", HostArrays.of(call, dim))
                .with("rows", call.create(kept))
                .infer(scope);
        arrays.close();
        return narrowed;
    }

    @Override
    public void close() {
        scope.close();
    }
}
