package dev.pitr.testkit;

import dev.pitr.testkit.HttpBody.Damage;
import dev.pitr.testkit.HttpFaultProxy.Decision;
import java.io.BufferedInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One client's connection to an {@link HttpFaultProxy}: request after request, each over a new connection to the server. */
final class ProxiedConnection implements Runnable {
    private final HttpFaultProxy proxy;
    private final Socket client;

    ProxiedConnection(HttpFaultProxy proxy, Socket client) {
        this.proxy = proxy;
        this.client = client;
    }

    @Override
    public void run() {
        try {
            try {
                InputStream in = new BufferedInputStream(client.getInputStream());
                HttpHead head = HttpHead.read(in);
                while (head != null && new Exchange(head, in).carryOut()) {
                    head = head.says("Connection", "close") ? null : HttpHead.read(in);
                }
            } finally {
                proxy.close(client);
            }
        } catch (IOException e) {
            // A side has gone; the other one learns of it by the end of its own connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One request and its answer. */
    private final class Exchange {
        private final HttpHead head;
        private final ProxiedRequest request;
        private final Decision decision;
        private final HttpBody body;
        private final OutputStream out;

        Exchange(HttpHead head, InputStream in) throws IOException {
            this.head = head;
            this.request = head.request();
            this.decision = proxy.decide(request);
            this.body = HttpBody.ofRequest(head, in);
            this.out = client.getOutputStream();
        }

        /** Returns whether the client may send another request over its connection. */
        boolean carryOut() throws IOException, InterruptedException {
            if (decision.strikes(HttpFault.RESET_BEFORE)) {
                reset(client);
                return false;
            }
            if (decision.strikes(HttpFault.UNAVAILABLE_BEFORE)) {
                return answerInsteadOfServer();
            }
            Socket server = proxy.connect();
            try {
                return pass(server);
            } finally {
                proxy.close(server);
            }
        }

        private boolean answerInsteadOfServer() throws IOException {
            boolean bodyComes = !awaitsGoAhead();
            if (bodyComes) {
                body.drain();
            }
            answerUnavailable();
            return bodyComes;
        }

        private boolean awaitsGoAhead() {
            return head.says("Expect", "100-continue");
        }

        private boolean pass(Socket server) throws IOException, InterruptedException {
            InputStream in = new BufferedInputStream(server.getInputStream());
            server.getOutputStream().write(forServer().bytes());
            HttpHead early = awaitsGoAhead() ? goAheadOrAnswer(in) : null;
            if (early != null) {
                passAnswer(early, in);
                return false;
            }
            return passBody(server) && passAnswer(answer(in), in);
        }

        private HttpHead forServer() {
            HttpHead left = head;
            for (String field : proxy.withheldFields()) {
                left = left.without(field);
            }
            return left;
        }

        /** Null when the client has been told to go ahead; else the answer that the server gives without the body. */
        private @Nullable HttpHead goAheadOrAnswer(InputStream in) throws IOException {
            HttpHead first = HttpHead.require(in);
            if (first.isInterim()) {
                out.write(first.bytes());
                return null;
            }
            return first;
        }

        private HttpHead answer(InputStream in) throws IOException {
            HttpHead answer = HttpHead.require(in);
            while (answer.isInterim()) {
                answer = HttpHead.require(in);
            }
            return answer;
        }

        /** Returns whether an answer is to be expected. */
        private boolean passBody(Socket server) throws IOException {
            if (body.isPresent() && decision.strikes(HttpFault.CUT_REQUEST)) {
                body.copy(server.getOutputStream(), Damage.CUT);
                reset(server);
                reset(client);
                return false;
            }
            boolean flips = body.isPresent() && decision.strikes(HttpFault.FLIP_REQUEST);
            body.copy(new UntilBroken(server.getOutputStream()), flips ? Damage.FLIP : Damage.NONE);
            return true;
        }

        private boolean passAnswer(HttpHead answer, InputStream in) throws IOException, InterruptedException {
            HttpBody content = HttpBody.ofAnswer(request, answer, in);
            if (decision.strikes(HttpFault.RESET_AFTER)) {
                content.drain();
                reset(client);
                return false;
            }
            if (decision.strikes(HttpFault.UNAVAILABLE_AFTER)) {
                content.drain();
                answerUnavailable();
                return true;
            }
            if (decision.strikes(HttpFault.SLOW)) {
                proxy.await(decision.plan().delay());
            }
            Damage damage = damage(answer, content);
            out.write(forClient(answer).bytes());
            content.copy(out, damage);
            return damage != Damage.CUT && !content.endsWithItsConnection() && !answer.says("Connection", "close");
        }

        private Damage damage(HttpHead answer, HttpBody content) {
            if (!content.isPresent() || answer.status() / 100 != 2) {
                return Damage.NONE;
            }
            if (decision.strikes(HttpFault.CUT_ANSWER)) {
                return Damage.CUT;
            }
            return decision.strikes(HttpFault.FLIP_ANSWER) ? Damage.FLIP : Damage.NONE;
        }

        private HttpHead forClient(HttpHead answer) {
            return answer.field("Location")
                    .map(location -> answer.with("Location", proxy.throughHere(location)))
                    .orElse(answer);
        }

        private void answerUnavailable() throws IOException {
            List<String> fields = List.of("Retry-After: " + decision.plan().retryAfterSeconds(), "Content-Length: 0");
            out.write(new HttpHead("HTTP/1.1 503 Service Unavailable", fields).bytes());
        }
    }

    /** Drops what can't be written any more: a server that doesn't read on may have answered already. */
    private static final class UntilBroken extends FilterOutputStream {
        private boolean broken;

        UntilBroken(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                if (!broken) {
                    out.write(bytes, offset, length);
                }
            } catch (IOException e) {
                broken = true;
            }
        }
    }

    /** Ends a connection with a reset rather than in good order. */
    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
