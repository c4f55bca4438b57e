package dev.remix.engine.script;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The file that the engine loads a script from: an uncompressed zip with the script's text, a pickled module without any
 * attribute but {@code training}, no constants, and the version of the operators' meaning.
 */
final class ScriptArchive {
    // PROTO 2, GLOBAL, EMPTY_TUPLE, NEWOBJ, EMPTY_DICT, MARK, BINUNICODE "training", NEWTRUE, SETITEMS, BUILD, STOP.
    private static final String MODULE_PICKLE =
            "\u0080\u0002c__torch__\nM\n)\u0081}(X\u0008\u0000\u0000\u0000training\u0088ub.";
    private static final String EMPTY_TUPLE_PICKLE = "\u0080\u0002).";
    // Below 10 the loader would rewrite some operators (division among them) to what they meant then.
    private static final String OPERATOR_VERSION = "10\n";

    private ScriptArchive() {}

    static byte[] of(ScriptSource source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "m/data.pkl", MODULE_PICKLE.getBytes(StandardCharsets.ISO_8859_1));
            source.textByName().forEach((name, text) -> store(zip, path(source, name), utf8(text)));
            store(zip, "m/constants.pkl", EMPTY_TUPLE_PICKLE.getBytes(StandardCharsets.ISO_8859_1));
            store(zip, "m/version", utf8(OPERATOR_VERSION));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String path(ScriptSource source, String name) {
        return name.equals(source.entry()) ? "m/code/__torch__.py" : "m/code/__torch__/" + name + ".py";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void store(ZipOutputStream zip, String path, byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(path);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        try {
            zip.putNextEntry(entry);
            zip.write(content);
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
