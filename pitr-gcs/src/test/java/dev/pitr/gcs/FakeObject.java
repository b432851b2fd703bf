package dev.pitr.gcs;

import com.google.api.client.json.GenericJson;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.zip.CRC32C;

/** One version of an object in a {@link FakeBucket}. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FakeObject(String name, byte[] bytes, long generation, Instant created, GenericJson given, String kmsKey) {
    private static final Set<String> KNOWN =
            Set.of("name", "bucket", "contentType", "storageClass", "metadata", "customTime", "crc32c", "md5Hash");

    /** Refuses what a writer can't tell, and bytes that aren't those which it announced. */
    static void check(GenericJson given, byte[] bytes) throws ApiError {
        for (String field : given.keySet()) {
            if (!KNOWN.contains(field)) {
                throw ApiError.invalid("Unknown field " + field);
            }
        }
        Object crc = given.get("crc32c");
        if (crc != null && !crc.equals(crc(bytes))) {
            throw ApiError.invalid(
                    "Provided CRC32C \"" + crc + "\" doesn't match calculated CRC32C \"" + crc(bytes) + "\".");
        }
    }

    GenericJson json(String bucket) {
        GenericJson json = new GenericJson();
        json.putAll(given);
        json.set("kind", "storage#object");
        json.set("name", name);
        json.set("bucket", bucket);
        json.set("generation", Long.toString(generation));
        json.set("metageneration", "1");
        json.set("size", Long.toString(bytes.length));
        json.set("crc32c", crc(bytes));
        json.set("md5Hash", md5(bytes));
        json.set("timeCreated", created.toString());
        json.set("updated", created.toString());
        if (kmsKey != null) {
            json.set("kmsKeyName", kmsKey);
        }
        return json;
    }

    static String crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        byte[] big = ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
        return Base64.getEncoder().encodeToString(big);
    }

    private static String md5(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
