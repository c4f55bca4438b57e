package dev.remix.service.dataset;

import dev.remix.service.artifact.StagedObject;
import java.io.IOException;

/** A sound upload that is on disk but not yet a data set; closing removes it unless it was kept. */
public final class StagedDataSet implements AutoCloseable {
    private final StagedObject object;
    private final Statistics statistics;

    StagedDataSet(StagedObject object, Statistics statistics) {
        this.object = object;
        this.statistics = statistics;
    }

    public Statistics statistics() {
        return statistics;
    }

    StagedObject object() {
        return object;
    }

    @Override
    public void close() throws IOException {
        object.close();
    }
}
