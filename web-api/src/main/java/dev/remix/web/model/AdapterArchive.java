package dev.remix.web.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remix.service.model.FinetunedModel;
import dev.remix.service.model.ModelFile;
import dev.remix.service.model.Models;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** A finetuned model's files and {@code SHA256SUMS} in one zip, which {@code sha256sum -c} can check. */
record AdapterArchive(FinetunedModel model, Models models) implements StreamingResponseBody {
    private static final String MANIFEST = "SHA256SUMS";

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            // Weights do not compress.
            zip.setLevel(Deflater.NO_COMPRESSION);
            for (ModelFile file : files()) {
                zip.putNextEntry(entry(file.name()));
                try (InputStream content = models.open(file.content())) {
                    content.transferTo(zip);
                }
                zip.closeEntry();
            }
            zip.putNextEntry(entry(MANIFEST));
            zip.write(checksums().getBytes(UTF_8));
            zip.closeEntry();
        }
    }

    /** Dated with the model, so that the same model gives the same archive. */
    private ZipEntry entry(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(model.createdAt().toEpochMilli());
        return entry;
    }

    /** A manifest that a worker uploaded is left out: the archive's own is made from what the store holds. */
    private List<ModelFile> files() {
        return model.files().stream()
                .filter(file -> !file.name().equals(MANIFEST))
                .toList();
    }

    private String checksums() {
        return files().stream()
                .map(file -> file.content().sha256() + "  " + file.name() + "\n")
                .collect(Collectors.joining());
    }
}
