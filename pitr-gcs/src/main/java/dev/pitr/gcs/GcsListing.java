package dev.pitr.gcs;

import com.google.api.client.http.HttpResponse;
import com.google.api.services.storage.model.Objects;
import com.google.api.services.storage.model.StorageObject;
import dev.pitr.storage.ObjectInfo;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Objects in the order of their names, page by page. Names that no key can have are passed over. */
final class GcsListing extends Spliterators.AbstractSpliterator<ObjectInfo> {
    private static final int PAGE = 1000;

    private final GcsClient client;
    private final ObjectNames names;
    private final Task task;
    private final String prefix;
    private final String from;
    private Iterator<StorageObject> page = List.<StorageObject>of().iterator();
    private @Nullable String token;
    private boolean atEnd;

    GcsListing(GcsClient client, ObjectNames names, String prefix, String from) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL);
        this.client = client;
        this.names = names;
        this.task = new Task("list", "\"" + prefix + "\"");
        this.prefix = prefix;
        this.from = from;
        this.atEnd = !ObjectNames.canStartKeys(prefix) || (from.compareTo(prefix) > 0 && isBeyond(prefix, from));
    }

    private static boolean isBeyond(String prefix, String from) {
        return !from.startsWith(prefix);
    }

    @Override
    public boolean tryAdvance(Consumer<? super ObjectInfo> action) {
        client.requireNotInterrupted(task);
        while (true) {
            while (page.hasNext()) {
                Optional<ObjectInfo> info = names.info(page.next())
                        .filter(found -> isWanted(found.key().value()));
                if (info.isPresent()) {
                    action.accept(info.get());
                    return true;
                }
            }
            if (atEnd) {
                return false;
            }
            fetch();
        }
    }

    private boolean isWanted(String key) {
        return key.compareTo(from) >= 0;
    }

    private void fetch() {
        GcsRequest request = client.onObjects(task, "GET")
                .query("maxResults", PAGE)
                .query("fields", "items(name,size,timeCreated),nextPageToken");
        if (!names.of(prefix).isEmpty()) {
            request.query("prefix", names.of(prefix));
        }
        if (from.compareTo(prefix) > 0) {
            request.query("startOffset", names.of(ObjectNames.listable(from)));
        }
        if (token != null) {
            request.query("pageToken", token);
        }
        Objects answer = client.send(request, GcsListing::answer);
        page = items(answer).iterator();
        token = answer.getNextPageToken();
        atEnd = token == null;
    }

    private static Objects answer(HttpResponse response) throws IOException {
        Objects answer = GcsClient.json(Objects.class).read(response);
        for (StorageObject object : items(answer)) {
            ObjectNames.requireComplete(object);
        }
        return answer;
    }

    private static List<StorageObject> items(Objects answer) {
        return answer.getItems() == null ? List.of() : answer.getItems();
    }
}
