package dev.remix.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AdapterFilesTest {
    private static final JsonNode JOB =
            JsonMapper.shared().readTree("{\"id\": \"ftjob-1\", \"fine_tuned_model\": \"ft:remix-tiny:demo:1\"}");

    @TempDir
    private Path directory;

    @Test
    void theHashIsThatOfTheWeightsOnDisk() throws Exception {
        AdapterFiles files = download("adapter_model.safetensors", "abc");

        assertThat(files.weights())
                .isEqualTo(directory.resolve("ftjob-1/adapter_model.safetensors"))
                .hasContent("abc");
        assertThat(files.sha256()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(directory.resolve("ftjob-1/adapter.zip")).doesNotExist();
    }

    @Test
    void anArchiveThatLeavesItsDirectoryIsRefused() {
        assertThatThrownBy(() -> download("../evil", "abc"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("../evil");
        assertThat(directory.resolve("evil")).doesNotExist();
    }

    private AdapterFiles download(String name, String content) throws Exception {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content.getBytes(StandardCharsets.UTF_8));
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, archive.size());
            archive.writeTo(exchange.getResponseBody());
            exchange.close();
        });
        server.start();
        try (ApiClient api = new ApiClient(
                URI.create("http://localhost:" + server.getAddress().getPort()), "rmx_key")) {
            return AdapterFiles.download(api, JOB, directory);
        } finally {
            server.stop(0);
        }
    }
}
