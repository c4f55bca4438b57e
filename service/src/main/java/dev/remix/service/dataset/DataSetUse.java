package dev.remix.service.dataset;

import java.util.Optional;

/** Whoever reads data sets later tells here which ones it still needs. */
public interface DataSetUse {

    /** The identifier of something unfinished that needs the file, or empty. */
    Optional<String> userOf(String fileId);
}
