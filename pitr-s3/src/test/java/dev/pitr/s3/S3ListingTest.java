package dev.pitr.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.s3.StubStore.Answer;
import dev.pitr.s3.StubStore.Request;
import dev.pitr.storage.ObjectInfo;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** How long listings are read, against a server that does nothing else. */
class S3ListingTest {
    private static final int PAGE = 1000;
    private static final Pattern QUERY = Pattern.compile("([a-z-]+)=([^&]*)");

    /** Answers as S3 does, with the last name of a page as its token. */
    private static Answer page(Request request, NavigableSet<String> names) {
        Map<String, String> query = QUERY.matcher(URI.create(request.target()).getRawQuery())
                .results()
                .collect(Collectors.toMap(
                        found -> found.group(1), found -> URLDecoder.decode(found.group(2), StandardCharsets.UTF_8)));
        String after = query.getOrDefault("continuation-token", query.getOrDefault("start-after", ""));
        List<String> page = names.tailSet(after, false).stream()
                .filter(name -> name.startsWith(query.getOrDefault("prefix", "")))
                .limit(PAGE)
                .toList();
        boolean isTruncated = page.size() == PAGE;
        String objects = page.stream()
                .map(name -> "<Contents><Key>" + name + "</Key><LastModified>2026-01-01T00:00:00Z</LastModified>"
                        + "<Size>1</Size></Contents>")
                .collect(Collectors.joining());
        String next = isTruncated ? "<NextContinuationToken>" + page.get(PAGE - 1) + "</NextContinuationToken>" : "";
        return new Answer(
                200,
                Map.of(),
                "<ListBucketResult><IsTruncated>" + isTruncated + "</IsTruncated>" + next + objects
                        + "</ListBucketResult>");
    }

    @Test
    void listsPageByPage() {
        listPageByPage(10_000);
    }

    @Test
    @Tag("soak")
    void listsAHundredThousandKeys() {
        listPageByPage(100_000);
    }

    private static void listPageByPage(int total) {
        NavigableSet<String> names = IntStream.range(0, total)
                .mapToObj(i -> String.format("pg/wal/%08d", i))
                .collect(Collectors.toCollection(TreeSet::new));
        try (StubStore store = new StubStore(request -> page(request, names));
                S3Client client = store.client();
                S3Storage storage =
                        S3Storage.builder("backups").prefix("pg").client(client).build()) {
            try (Stream<ObjectInfo> objects = storage.list("wal/", "")) {
                Iterator<ObjectInfo> listed = objects.iterator();
                assertThat(listed.next().key().value()).isEqualTo("wal/00000000");
                assertThat(store.requests()).as("nothing is read ahead").hasSize(1);
                int count = 1;
                for (; listed.hasNext(); count++) {
                    listed.next();
                }
                assertThat(count).isEqualTo(total);
            }
            assertThat(store.requests()).hasSize(total / PAGE + 1);

            store.requests().clear();
            try (Stream<ObjectInfo> objects = storage.list("wal/", String.format("wal/%08d", total - 500))) {
                assertThat(objects.map(object -> object.key().value()))
                        .hasSize(500)
                        .isSorted();
            }
            assertThat(store.requests()).as("earlier keys aren't read").hasSize(1);
        }
    }

    @Test
    void passesOverWhatIsNoObjectOfOurs() {
        NavigableSet<String> names = new TreeSet<>(
                List.of("pg/", "pg/.pitr-probe/1", "pg/a", "pg/a b", "pg/folder/", "pg/folder/b", "pg/\u00e9", "pgx"));
        try (StubStore store = new StubStore(request -> page(request, names));
                S3Client client = store.client();
                S3Storage storage =
                        S3Storage.builder("backups").prefix("pg").client(client).build()) {
            assertThat(storage.list("", "").map(object -> object.key().value())).containsExactly("a", "folder/b");
        }
    }
}
