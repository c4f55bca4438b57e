package dev.remix.web.worker;

import dev.remix.service.artifact.ObjectStore;
import dev.remix.service.artifact.StoredObject;
import dev.remix.service.job.AttemptId;
import dev.remix.service.queue.AdapterFiles;
import dev.remix.service.queue.Checkpoints;
import dev.remix.service.queue.JobInputs;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What a worker fetches and uploads. Uploads are streamed and refused when their SHA-256 is not the one announced. */
@Tag(name = "Workers")
@RestController
@RequestMapping("/worker/v1/jobs/{job}/attempts/{number}")
class AttemptFilesController {
    private static final String SHA256 = "X-Content-SHA256";

    private final JobInputs inputs;
    private final Checkpoints checkpoints;
    private final AdapterFiles adapterFiles;
    private final ObjectStore objects;

    AttemptFilesController(JobInputs inputs, Checkpoints checkpoints, AdapterFiles adapterFiles, ObjectStore objects) {
        this.inputs = inputs;
        this.checkpoints = checkpoints;
        this.adapterFiles = adapterFiles;
        this.objects = objects;
    }

    @GetMapping("/files/{fileId}")
    ResponseEntity<Resource> file(@PathVariable String job, @PathVariable int number, @PathVariable String fileId)
            throws IOException {
        return download(inputs.get(new AttemptId(job, number), fileId));
    }

    @GetMapping("/initial_adapter/{filename}")
    ResponseEntity<Resource> initialAdapter(
            @PathVariable String job, @PathVariable int number, @PathVariable String filename) throws IOException {
        return download(inputs.initialAdapter(new AttemptId(job, number), filename));
    }

    @GetMapping("/checkpoints/{step}")
    ResponseEntity<Resource> checkpoint(@PathVariable String job, @PathVariable int number, @PathVariable int step)
            throws IOException {
        return download(checkpoints.get(new AttemptId(job, number), step).content());
    }

    @PutMapping("/checkpoints/{step}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void putCheckpoint(
            @PathVariable String job,
            @PathVariable int number,
            @PathVariable int step,
            @RequestHeader(SHA256) String sha256,
            InputStream content)
            throws IOException {
        checkpoints.store(new AttemptId(job, number), step, content, sha256);
    }

    @PutMapping("/adapter/{filename}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void putAdapterFile(
            @PathVariable String job,
            @PathVariable int number,
            @PathVariable String filename,
            @RequestHeader(SHA256) String sha256,
            InputStream content)
            throws IOException {
        adapterFiles.store(new AttemptId(job, number), filename, content, sha256);
    }

    private ResponseEntity<Resource> download(StoredObject content) throws IOException {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .header(SHA256, content.sha256())
                .body(new FileSystemResource(objects.path(content)));
    }
}
