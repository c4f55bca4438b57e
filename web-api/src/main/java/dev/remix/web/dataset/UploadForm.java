package dev.remix.web.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remix.service.Refusal;
import dev.remix.service.dataset.DataSet;
import dev.remix.service.dataset.DataSets;
import dev.remix.service.dataset.Purpose;
import dev.remix.service.dataset.StagedDataSet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.MultipartStream;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * A multipart form that is read as it arrives, so that a file goes from the socket through its validation to its place on
 * disk, once, and is never whole in memory. Fields may come before or after the file.
 */
final class UploadForm implements AutoCloseable {
    private static final int FIELD_LIMIT = 256;

    private final DataSets dataSets;
    private @Nullable Purpose purpose;
    private @Nullable String filename;
    private @Nullable StagedDataSet file;

    private UploadForm(DataSets dataSets) {
        this.dataSets = dataSets;
    }

    /** Reads the whole form; what it staged is removed again when it is refused. */
    static UploadForm read(HttpServletRequest request, DataSets dataSets) throws IOException {
        UploadForm form = new UploadForm(dataSets);
        try {
            FileItemIterator parts = new FileUpload().getItemIterator(new ServletRequestContext(request));
            while (parts.hasNext()) {
                form.accept(parts.next());
            }
            return form;
        } catch (FileUploadException | MultipartStream.MalformedStreamException malformed) {
            form.close();
            throw Refusal.of(
                    Refusal.Kind.INVALID, "invalid_multipart", "The body is not a complete multipart/form-data form.");
        } catch (IOException | RuntimeException failed) {
            form.close();
            throw failed;
        }
    }

    private void accept(FileItemStream part) throws IOException {
        try (InputStream content = part.openStream()) {
            switch (part.getFieldName()) {
                case "purpose" -> purpose = Purpose.of(new String(content.readNBytes(FIELD_LIMIT), UTF_8));
                case "file" -> acceptFile(part.getName(), content);
                case null ->
                    throw Refusal.of(Refusal.Kind.INVALID, "invalid_multipart", "A part of the form has no name.");
                default ->
                    throw Refusal.invalid(
                            part.getFieldName(),
                            "unknown_field",
                            "There is no field '" + part.getFieldName() + "' here.");
            }
        }
    }

    private void acceptFile(@Nullable String name, InputStream content) throws IOException {
        if (name == null) {
            throw Refusal.invalid("file", "invalid_value", "'file' must be sent as a file, with a filename.");
        }
        if (file != null) {
            throw Refusal.invalid("file", "duplicate", "The form has more than one file.");
        }
        filename = name.substring(1 + Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')));
        file = dataSets.stage(content);
    }

    /** Makes the form's file a data set. */
    DataSet keep() {
        if (file == null || filename == null) {
            throw missing("file");
        }
        if (purpose == null) {
            throw missing("purpose");
        }
        return dataSets.keep(file, purpose, filename);
    }

    private static Refusal missing(String field) {
        return Refusal.invalid(field, "missing", "'" + field + "' is missing.");
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
