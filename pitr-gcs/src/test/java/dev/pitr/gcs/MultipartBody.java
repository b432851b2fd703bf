package dev.pitr.gcs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A body of several parts, each with headers of its own. */
final class MultipartBody {
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");

    private MultipartBody() {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Part(String headers, byte[] content) {
        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    static List<Part> parse(String contentType, byte[] body) throws ApiError {
        Matcher matcher = BOUNDARY.matcher(contentType == null ? "" : contentType);
        if (!matcher.find()) {
            throw ApiError.invalid("No boundary in " + contentType);
        }
        byte[] delimiter = ("--" + matcher.group(1)).getBytes(StandardCharsets.US_ASCII);
        List<Part> parts = new ArrayList<>();
        int start = find(body, delimiter, 0);
        while (start >= 0) {
            int from = start + delimiter.length;
            if (from + 1 < body.length && body[from] == '-' && body[from + 1] == '-') {
                return parts;
            }
            int next = find(body, delimiter, from);
            if (next < 0) {
                break;
            }
            // Less the line ends after the delimiter and before the next one.
            parts.add(part(Arrays.copyOfRange(body, from + 2, next - 2)));
            start = next;
        }
        throw ApiError.invalid("The multipart body doesn't end");
    }

    private static Part part(byte[] bytes) throws ApiError {
        int end = find(bytes, "\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 0);
        if (end < 0) {
            throw ApiError.invalid("A part has no headers");
        }
        String headers = new String(bytes, 0, end, StandardCharsets.US_ASCII);
        return new Part(headers, Arrays.copyOfRange(bytes, end + 4, bytes.length));
    }

    private static int find(byte[] in, byte[] what, int from) {
        outer:
        for (int i = from; i <= in.length - what.length; i++) {
            for (int k = 0; k < what.length; k++) {
                if (in[i + k] != what[k]) {
                    continue outer;
                }
            }
            return i;
        }
        return -1;
    }
}
