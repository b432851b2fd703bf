package dev.pitr.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectExistsException;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.storage.StorageException;
import dev.pitr.storage.StorageUnavailableException;
import dev.pitr.storage.UnknownOutcomeException;
import dev.pitr.testkit.HttpFault;
import dev.pitr.testkit.HttpFaultPlan;
import dev.pitr.testkit.HttpFaultProxy;
import dev.pitr.testkit.ProxiedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/** What the network does to requests and answers, and what is left of it. */
class S3FaultsIT {
    private static final ObjectKey KEY = new ObjectKey("a/object");
    private static final int PART = 5 << 20;
    private static final BackoffStrategy SOON = BackoffStrategy.fixedDelayWithoutJitter(Duration.ofMillis(10));

    private HttpFaultProxy proxy;
    private S3Client behind;
    private S3Client client;
    private String bucket;
    private String prefix;
    private S3Storage storage;

    @BeforeEach
    void connect() {
        assumeThat(S3TestServer.isForeign()).as("the server is not ours").isFalse();
        proxy = HttpFaultProxy.to(S3Proxy.shared().http());
        behind = S3TestServer.client().build();
        bucket = S3TestServer.bucket(behind);
        prefix = S3TestServer.newPrefix();
        client = client(3);
        storage = builder(client).build();
    }

    private S3Client client(int attempts) {
        return S3TestServer.client(proxy.uri())
                .overrideConfiguration(override -> override.retryStrategy(retry ->
                        retry.maxAttempts(attempts).backoffStrategy(SOON).throttlingBackoffStrategy(SOON)))
                .build();
    }

    private S3StorageBuilder builder(S3Client used) {
        return S3Storage.builder(bucket).client(used).prefix(prefix).partBytes(PART);
    }

    @AfterEach
    void disconnect() {
        if (storage != null) {
            storage.close();
            client.close();
            S3TestServer.removeAll(behind, bucket, prefix);
            behind.close();
            proxy.close();
        }
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private byte[] stored() throws IOException {
        proxy.arm(HttpFaultPlan.none());
        try (InputStream in = storage.open(KEY)) {
            return in.readAllBytes();
        }
    }

    private static HttpFaultPlan puts(HttpFaultPlan plan) {
        return plan.matching(request -> request.method().equals("PUT"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void neverAcknowledgesBytesThatWereDamagedOnTheWay(int position) throws IOException {
        byte[] bytes = bytes(3_000_000);
        for (ObjectKey key : List.of(KEY, new ObjectKey("a/second"), new ObjectKey("a/third"))) {
            proxy.arm(puts(HttpFaultPlan.at(position, HttpFault.FLIP_REQUEST)));
            storage.createIfAbsent(key, Content.of(bytes));
            storage.put(key, Content.of(bytes));
            try (InputStream in = storage.open(key)) {
                assertThat(in.readAllBytes()).isEqualTo(bytes);
            }
        }
    }

    @Test
    void storesNothingWhenEveryAttemptIsDamaged() {
        proxy.arm(puts(HttpFaultPlan.at(1, HttpFault.FLIP_REQUEST).lasting()));

        assertThatThrownBy(() -> storage.createIfAbsent(KEY, Content.of(bytes(100_000))))
                .isInstanceOf(StorageException.class);

        assertThat(storage.stat(KEY)).isEmpty();
    }

    @Test
    void neverCompletesAnUploadWithADamagedPart() throws IOException {
        byte[] bytes = bytes(3 * PART + 5);
        for (int position = 1; position <= 4; position++) {
            proxy.arm(puts(HttpFaultPlan.at(position, HttpFault.FLIP_REQUEST)));
            upload(bytes);
            assertThat(proxy.struck()).isPresent();
            assertThat(stored()).isEqualTo(bytes);
        }
    }

    private void upload(byte[] bytes) throws IOException {
        try (ObjectUpload upload = storage.upload(KEY)) {
            upload.write(bytes);
            upload.commit();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT_ANSWER", "RESET_AFTER", "UNAVAILABLE_BEFORE", "SLOW"})
    void readsOnWhereTheConnectionBroke(HttpFault fault) throws IOException {
        byte[] bytes = bytes(2_000_000);
        storage.put(KEY, Content.of(bytes));
        proxy.arm(HttpFaultPlan.at(1, fault).times(2));

        try (InputStream in = storage.open(KEY)) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        assertThat(proxy.struck()).isPresent();
        proxy.arm(HttpFaultPlan.at(1, fault).times(2));
        try (InputStream in = storage.open(KEY, 1000, 1_500_000)) {
            assertThat(in.readAllBytes()).isEqualTo(java.util.Arrays.copyOfRange(bytes, 1000, 1_501_000));
        }
    }

    @Test
    void givesUpWhenTheConnectionKeepsBreaking() throws IOException {
        storage.put(KEY, Content.of(bytes(2_000_000)));
        proxy.arm(HttpFaultPlan.at(1, HttpFault.CUT_ANSWER));

        try (InputStream in = storage.open(KEY)) {
            in.readNBytes(1000);
            proxy.arm(HttpFaultPlan.at(1, HttpFault.RESET_BEFORE).lasting());
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageContaining("a/object");
        }
    }

    @Test
    void neverMixesTheBytesOfTwoObjects() throws IOException {
        storage.put(KEY, Content.of(bytes(2_000_000)));
        proxy.arm(HttpFaultPlan.at(1, HttpFault.CUT_ANSWER));

        try (InputStream in = storage.open(KEY)) {
            in.readNBytes(1000);
            storage.put(KEY, Content.of(bytes(2_000_001)));
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("replaced");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RESET_AFTER", "UNAVAILABLE_AFTER"})
    void saysThatAnObjectExistsWhenTheAnswerToItsCreationWasLost(HttpFault fault) throws IOException {
        byte[] bytes = bytes(100_000);
        proxy.arm(puts(HttpFaultPlan.at(1, fault)));

        assertThatThrownBy(() -> storage.createIfAbsent(KEY, Content.of(bytes)))
                .isInstanceOf(ObjectExistsException.class);

        assertThat(stored()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @EnumSource(names = {"RESET_AFTER", "UNAVAILABLE_AFTER", "RESET_BEFORE", "UNAVAILABLE_BEFORE", "CUT_REQUEST"})
    void putsInSpiteOfOneFault(HttpFault fault) throws IOException {
        byte[] bytes = bytes(300_000);
        proxy.arm(puts(HttpFaultPlan.at(1, fault)));

        storage.put(KEY, Content.of(bytes));

        assertThat(proxy.struck()).isPresent();
        assertThat(stored()).isEqualTo(bytes);
    }

    @Test
    void admitsThatItCannotKnowWhenEveryAnswerIsLost() throws IOException {
        byte[] bytes = bytes(100_000);
        try (S3Client once = client(1);
                S3Storage hasty = builder(once).build()) {
            proxy.arm(puts(HttpFaultPlan.at(1, HttpFault.RESET_AFTER)));
            assertThatThrownBy(() -> hasty.createIfAbsent(KEY, Content.of(bytes)))
                    .isInstanceOf(UnknownOutcomeException.class);

            assertThatThrownBy(() -> hasty.createIfAbsent(KEY, Content.of(bytes)))
                    .isInstanceOf(ObjectExistsException.class);
        }
        assertThat(stored()).isEqualTo(bytes);
    }

    @Test
    void knowsThatNothingWasStoredWhenTheConnectionBrokeBeforeTheEnd() {
        try (S3Client once = client(1);
                S3Storage hasty = builder(once).build()) {
            proxy.arm(puts(HttpFaultPlan.at(1, HttpFault.RESET_BEFORE)));

            assertThatThrownBy(() -> hasty.createIfAbsent(KEY, Content.of(bytes(20_000_000))))
                    .isInstanceOf(StorageUnavailableException.class);
        }
        assertThat(storage.stat(KEY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void looksWhatIsThereWhenTheAnswerToACompletionWasLost(int times) throws IOException {
        byte[] bytes = bytes(2 * PART);
        proxy.arm(HttpFaultPlan.at(1, HttpFault.RESET_AFTER).times(times).matching(S3FaultsIT::isCompletion));

        upload(bytes);

        assertThat(proxy.struck()).isPresent();
        assertThat(stored()).isEqualTo(bytes);
    }

    private static boolean isCompletion(ProxiedRequest request) {
        return request.method().equals("POST") && request.query().contains("uploadId=");
    }

    @Test
    void leavesAnUploadAloneWhoseCompletionIsUnknown() throws IOException {
        proxy.arm(HttpFaultPlan.at(1, HttpFault.RESET_BEFORE).lasting().matching(S3FaultsIT::isCompletion));

        assertThatThrownBy(() -> upload(bytes(2 * PART))).isInstanceOf(UnknownOutcomeException.class);

        assertThat(storage.stat(KEY)).isEmpty();
        assertThat(unfinishedUploads()).isEqualTo(1);
        assertThat(storage.removeAbandonedUploads(Duration.ofDays(1))).isZero();
        assertThat(storage.removeAbandonedUploads(Duration.ofNanos(1))).isEqualTo(1);
        assertThat(unfinishedUploads()).isZero();
    }

    private int unfinishedUploads() {
        return behind.listMultipartUploads(list -> list.bucket(bucket).prefix(prefix + "/"))
                .uploads()
                .size();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void leavesNothingOfAnUploadWhosePartsCannotBeSent(int threads) {
        try (S3Storage few = builder(client).uploadThreads(threads).build()) {
            proxy.arm(HttpFaultPlan.at(1, HttpFault.RESET_BEFORE)
                    .lasting()
                    .matching(request -> request.query().contains("partNumber=2")));
            assertThatThrownBy(() -> {
                        try (ObjectUpload upload = few.upload(KEY)) {
                            upload.write(bytes(4 * PART));
                            upload.commit();
                        }
                    })
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageContaining("a/object");
        }
        assertThat(unfinishedUploads()).isZero();
        assertThat(storage.stat(KEY)).isEmpty();
    }

    @Test
    void putsInPartsWhatIsTooLargeForOneRequest() throws IOException {
        byte[] bytes = bytes(3 * PART + 1);
        try (S3Storage small = builder(client).maxSingleBytes(PART).build()) {
            small.put(KEY, Content.of(bytes));
            assertThatThrownBy(() -> small.createIfAbsent(new ObjectKey("b"), Content.of(bytes)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("in pieces");
        }
        assertThat(stored()).isEqualTo(bytes);
    }

    @Test
    void takesOneRequestForWhatIsDoneMostOften() {
        storage.put(KEY, Content.of(bytes(10)));
        proxy.arm(HttpFaultPlan.none());

        storage.createIfAbsent(new ObjectKey("b"), Content.of(bytes(10)));
        storage.put(KEY, Content.of(bytes(10)));
        assertThat(storage.stat(KEY)).isPresent();
        assertThat(storage.list("", "").toList()).hasSize(2);
        storage.delete(List.of(KEY, new ObjectKey("b")));

        assertThat(proxy.requests())
                .extracting(ProxiedRequest::method)
                .containsExactly("PUT", "PUT", "HEAD", "GET", "POST");
    }

    @Test
    void givesTheConnectionUpWhenClosedBeforeTheEnd() throws IOException {
        storage.put(KEY, Content.of(bytes(3_000_000)));
        for (int i = 0; i < 120; i++) {
            try (InputStream in = storage.open(KEY)) {
                assertThat(in.readNBytes(100)).hasSize(100);
            }
        }
    }
}
