/* SPDX-License-Identifier: Apache-2.0 */
/* A small HTTP/3 server whose connection ids name it: draft-ietf-quic-load-balancers, plaintext or encrypted. Each answer is a line
 * every 100 ms with the server's name and the client's address as the server knows it: `web-1 198.51.100.2:40001`.
 *
 *   quic-server NAME ADDRESS PORT CERTIFICATE KEY LINES CONFIG SERVER-ID NONCE-BYTES [ID-KEY]
 *
 * SERVER-ID and ID-KEY are hexadecimal. On standard output: `ready`, `connection`, `answered`, and `stray` for a packet of a connection
 * that is not this server's. */
#include "connection-id.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define TICK (100 * NGTCP2_MILLISECONDS)
#define NONE (-1)
#define ANSWER_BYTES 16384

struct connection {
	struct connection *next;
	ngtcp2_conn *quic;
	ngtcp2_crypto_conn_ref reference;
	gnutls_session_t tls;
	int64_t control, request;
	size_t control_sent, sent, written;
	int lines, ended;
	ngtcp2_tstamp tick;
	uint8_t answer[ANSWER_BYTES]; /* kept whole: ngtcp2 sends again from it */
};

static struct {
	const char *name;
	int socket, lines;
	struct ids ids;
	struct sockaddr_storage local;
	socklen_t local_bytes;
	gnutls_certificate_credentials_t credentials;
	struct connection *connections;
} server;

/* HTTP/3 (RFC 9114): a control stream with empty settings; the headers of an answer, `:status: 200` by QPACK's static table. */
static uint8_t control_stream[] = {0x00, 0x04, 0x00};
static const uint8_t answer_headers[] = {0x01, 0x03, 0x00, 0x00, 0xd9};

static void fail(const char *what)
{
	fprintf(stderr, "quic-server: %s\n", what);
	exit(1);
}

static ngtcp2_tstamp now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (ngtcp2_tstamp)time.tv_sec * NGTCP2_SECONDS + (ngtcp2_tstamp)time.tv_nsec;
}

static int read_hex(const char *text, uint8_t *bytes, int most)
{
	int count = 0;

	for (; text[0] && text[1] && count < most; text += 2)
		if (sscanf(text, "%2hhx", &bytes[count++]) != 1)
			fail("not hexadecimal");
	if (*text)
		fail("an odd or too long hexadecimal number");
	return count;
}

static int give_id(ngtcp2_conn *quic, ngtcp2_cid *id, uint8_t *token, size_t bytes, void *user)
{
	(void)quic, (void)bytes, (void)user;
	new_id(&server.ids, id);
	return gnutls_rnd(GNUTLS_RND_RANDOM, token, NGTCP2_STATELESS_RESET_TOKENLEN) ? NGTCP2_ERR_CALLBACK_FAILURE : 0;
}

static void random_bytes(uint8_t *bytes, size_t count, const ngtcp2_rand_ctx *context)
{
	(void)context;
	gnutls_rnd(GNUTLS_RND_NONCE, bytes, count);
}

static int completed(ngtcp2_conn *quic, void *user)
{
	struct connection *connection = user;

	puts("connection");
	return ngtcp2_conn_open_uni_stream(quic, &connection->control, NULL) ? NGTCP2_ERR_CALLBACK_FAILURE : 0;
}

static void append(struct connection *connection, const void *bytes, size_t count)
{
	if (connection->written + count > ANSWER_BYTES)
		fail("an answer is too long");
	memcpy(connection->answer + connection->written, bytes, count);
	connection->written += count;
}

/* Whatever a client asks on its first bidirectional stream, it gets the answer. */
static int received(ngtcp2_conn *quic, uint32_t flags, int64_t stream, uint64_t offset, const uint8_t *data, size_t count, void *user, void *stream_user)
{
	struct connection *connection = user;

	(void)flags, (void)offset, (void)data, (void)stream_user;
	ngtcp2_conn_extend_max_stream_offset(quic, stream, count);
	ngtcp2_conn_extend_max_offset(quic, count);
	if (stream % 4 == 0 && connection->request == NONE) {
		connection->request = stream;
		connection->tick = now();
		append(connection, answer_headers, sizeof answer_headers);
	}
	return 0;
}

static void add_line(struct connection *connection)
{
	const ngtcp2_path *path = ngtcp2_conn_get_path(connection->quic);
	char address[INET6_ADDRSTRLEN], port[8], line[128];
	uint8_t frame[2] = {0x00};
	int count;

	if (getnameinfo(path->remote.addr, path->remote.addrlen, address, sizeof address, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV))
		fail("a client without an address");
	count = snprintf(line, 64, "%s %s:%s\n", server.name, address, port);
	frame[1] = (uint8_t)count;
	append(connection, frame, sizeof frame);
	append(connection, line, (size_t)count);
}

/* The next stream to write from, and what of it; -1 for none. */
static int64_t next_data(struct connection *connection, ngtcp2_vec *data, uint32_t *flags)
{
	if (connection->control != NONE && connection->control_sent < sizeof control_stream) {
		data->base = control_stream + connection->control_sent;
		data->len = sizeof control_stream - connection->control_sent;
		return connection->control;
	}
	if (connection->request != NONE && (connection->sent < connection->written || (connection->lines == server.lines && !connection->ended))) {
		data->base = connection->answer + connection->sent;
		data->len = connection->written - connection->sent;
		*flags = connection->lines == server.lines ? NGTCP2_WRITE_STREAM_FLAG_FIN : 0;
		return connection->request;
	}
	return NONE;
}

static void note_written(struct connection *connection, int64_t stream, size_t count, uint32_t flags)
{
	if (stream == connection->control) {
		connection->control_sent += count;
		return;
	}
	connection->sent += count;
	if (flags && connection->sent == connection->written && !connection->ended) {
		connection->ended = 1;
		puts("answered");
	}
}

/* Sends what there is to send. False when the connection is over. */
static int write_packets(struct connection *connection)
{
	for (;;) {
		uint8_t packet[1252];
		uint32_t flags = 0;
		ngtcp2_path_storage path;
		ngtcp2_pkt_info info;
		ngtcp2_vec data = {0};
		ngtcp2_ssize taken = -1, bytes;
		int64_t stream = next_data(connection, &data, &flags);

		ngtcp2_path_storage_zero(&path);
		bytes = ngtcp2_conn_writev_stream(connection->quic, &path.path, &info, packet, sizeof packet, &taken, flags, stream,
			stream == NONE ? NULL : &data, stream == NONE ? 0 : 1, now());
		if (bytes == NGTCP2_ERR_STREAM_DATA_BLOCKED)
			bytes = ngtcp2_conn_writev_stream(connection->quic, &path.path, &info, packet, sizeof packet, &taken, 0, NONE, NULL, 0, now());
		if (bytes < 0)
			return 0;
		if (stream != NONE && taken >= 0)
			note_written(connection, stream, (size_t)taken, flags);
		if (bytes == 0)
			return 1;
		sendto(server.socket, packet, (size_t)bytes, 0, path.path.remote.addr, path.path.remote.addrlen);
	}
}

static ngtcp2_conn *quic_of(ngtcp2_crypto_conn_ref *reference)
{
	return ((struct connection *)reference->user_data)->quic;
}

static void begin_tls(struct connection *connection)
{
	const gnutls_datum_t protocol = {(unsigned char *)"h3", 2};

	if (gnutls_init(&connection->tls, GNUTLS_SERVER | GNUTLS_NO_END_OF_EARLY_DATA) ||
	    gnutls_priority_set_direct(connection->tls, "NORMAL:-VERS-ALL:+VERS-TLS1.3:%DISABLE_TLS13_COMPAT_MODE", NULL) ||
	    ngtcp2_crypto_gnutls_configure_server_session(connection->tls) ||
	    gnutls_credentials_set(connection->tls, GNUTLS_CRD_CERTIFICATE, server.credentials) ||
	    gnutls_alpn_set_protocols(connection->tls, &protocol, 1, GNUTLS_ALPN_MANDATORY))
		fail("TLS does not begin");
	connection->reference = (ngtcp2_crypto_conn_ref){quic_of, connection};
	gnutls_session_set_ptr(connection->tls, &connection->reference);
	ngtcp2_conn_set_tls_native_handle(connection->quic, connection->tls);
}

static struct connection *accept_connection(const ngtcp2_pkt_hd *header, const ngtcp2_path *path)
{
	static const ngtcp2_callbacks callbacks = {
		.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb,
		.recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb,
		.handshake_completed = completed,
		.encrypt = ngtcp2_crypto_encrypt_cb,
		.decrypt = ngtcp2_crypto_decrypt_cb,
		.hp_mask = ngtcp2_crypto_hp_mask_cb,
		.recv_stream_data = received,
		.rand = random_bytes,
		.get_new_connection_id = give_id,
		.update_key = ngtcp2_crypto_update_key_cb,
		.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb,
		.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb,
		.get_path_challenge_data = ngtcp2_crypto_get_path_challenge_data_cb,
		.version_negotiation = ngtcp2_crypto_version_negotiation_cb,
	};
	struct connection *connection = calloc(1, sizeof *connection);
	ngtcp2_transport_params params;
	ngtcp2_settings settings;
	ngtcp2_cid id;

	if (!connection)
		fail("out of memory");
	connection->control = connection->request = NONE;
	ngtcp2_settings_default(&settings);
	settings.initial_ts = now();
	settings.no_pmtud = 1;
	ngtcp2_transport_params_default(&params);
	params.initial_max_data = params.initial_max_stream_data_bidi_remote = params.initial_max_stream_data_uni = 1 << 20;
	params.initial_max_streams_bidi = params.initial_max_streams_uni = 8;
	params.max_idle_timeout = 30 * NGTCP2_SECONDS;
	params.active_connection_id_limit = 7;
	params.original_dcid = header->dcid;
	new_id(&server.ids, &id);
	if (ngtcp2_conn_server_new(&connection->quic, &header->scid, &id, path, header->version, &callbacks, &settings, &params, NULL, connection))
		fail("no connection");
	begin_tls(connection);
	connection->next = server.connections;
	server.connections = connection;
	return connection;
}

static void forget(struct connection *gone)
{
	struct connection **at = &server.connections;

	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
	ngtcp2_conn_del(gone->quic);
	gnutls_deinit(gone->tls);
	free(gone);
}

/* By any id it was given, or the client's own first one, which a retransmitted Initial still has. */
static struct connection *find(const uint8_t *id, size_t bytes)
{
	for (struct connection *connection = server.connections; connection; connection = connection->next) {
		ngtcp2_cid ids[32];
		size_t count = ngtcp2_conn_get_num_scid(connection->quic);

		if (count > 32)
			fail("a connection has more than 32 ids");
		ngtcp2_conn_get_scid(connection->quic, ids);
		for (size_t i = 0; i < count; i++)
			if (ids[i].datalen == bytes && !memcmp(ids[i].data, id, bytes))
				return connection;
		if (ngtcp2_conn_get_client_initial_dcid(connection->quic)->datalen == bytes &&
		    !memcmp(ngtcp2_conn_get_client_initial_dcid(connection->quic)->data, id, bytes))
			return connection;
	}
	return NULL;
}

static void read_packet(void)
{
	uint8_t packet[2048];
	struct sockaddr_storage from;
	socklen_t from_bytes = sizeof from;
	ssize_t bytes = recvfrom(server.socket, packet, sizeof packet, MSG_DONTWAIT, (struct sockaddr *)&from, &from_bytes);
	ngtcp2_path path = {
		.local = {(struct sockaddr *)&server.local, server.local_bytes},
		.remote = {(struct sockaddr *)&from, from_bytes},
	};
	ngtcp2_version_cid ids;
	ngtcp2_pkt_info info = {0};
	ngtcp2_pkt_hd header;
	struct connection *connection;

	if (bytes <= 0 || ngtcp2_pkt_decode_version_cid(&ids, packet, (size_t)bytes, (size_t)id_bytes(&server.ids)))
		return;
	connection = find(ids.dcid, ids.dcidlen);
	if (!connection) {
		if (ngtcp2_accept(&header, packet, (size_t)bytes)) {
			puts("stray");
			return;
		}
		connection = accept_connection(&header, &path);
	}
	if (ngtcp2_conn_read_pkt(connection->quic, &path, &info, packet, (size_t)bytes, now()) || !write_packets(connection))
		forget(connection);
}

/* Timers that ran out. Nanoseconds until the next one, a tick at most. */
static ngtcp2_tstamp run_timers(void)
{
	ngtcp2_tstamp next = TICK, expiry;

	for (struct connection *connection = server.connections, *following; connection; connection = following) {
		int over = 0;

		following = connection->next;
		if (connection->request != NONE && connection->lines < server.lines && now() >= connection->tick) {
			add_line(connection);
			connection->lines++;
			connection->tick += TICK;
		}
		if (ngtcp2_conn_get_expiry(connection->quic) <= now())
			over = ngtcp2_conn_handle_expiry(connection->quic, now()) != 0;
		if (over || !write_packets(connection)) {
			forget(connection);
			continue;
		}
		expiry = ngtcp2_conn_get_expiry(connection->quic);
		if (expiry <= now())
			next = 0;
		else if (expiry - now() < next)
			next = expiry - now();
	}
	return next;
}

static void listen_on(const char *address, const char *port)
{
	struct sockaddr_in *v4 = (void *)&server.local;
	struct sockaddr_in6 *v6 = (void *)&server.local;
	in_port_t number = htons((uint16_t)atoi(port));

	if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = number;
		server.local_bytes = sizeof *v4;
	} else if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = number;
		server.local_bytes = sizeof *v6;
	} else {
		fail("no address");
	}
	server.socket = socket(server.local.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (server.socket < 0 || bind(server.socket, (struct sockaddr *)&server.local, server.local_bytes))
		fail(strerror(errno));
}

int main(int count, char **argument)
{
	uint8_t key[AES128_KEY_SIZE];

	if (count < 10 || count > 11)
		fail("quic-server NAME ADDRESS PORT CERTIFICATE KEY LINES CONFIG SERVER-ID NONCE-BYTES [ID-KEY]");
	setvbuf(stdout, NULL, _IOLBF, 0);
	server.name = argument[1];
	server.lines = atoi(argument[6]);
	server.ids.config = atoi(argument[7]);
	server.ids.server_bytes = read_hex(argument[8], server.ids.server_id, 15);
	server.ids.nonce_bytes = atoi(argument[9]);
	if (id_bytes(&server.ids) > NGTCP2_MAX_CIDLEN)
		fail("an id has 20 bytes at most");
	if (count == 11) {
		if (read_hex(argument[10], key, sizeof key) != sizeof key)
			fail("a key has 16 bytes");
		aes128_set_encrypt_key(&server.ids.key, key);
		server.ids.encrypted = 1;
	}
	listen_on(argument[2], argument[3]);
	if (gnutls_certificate_allocate_credentials(&server.credentials) ||
	    gnutls_certificate_set_x509_key_file(server.credentials, argument[4], argument[5], GNUTLS_X509_FMT_PEM) < 0)
		fail("no certificate");
	puts("ready");
	for (;;) {
		struct pollfd ready = {.fd = server.socket, .events = POLLIN};
		ngtcp2_tstamp wait = run_timers();

		if (poll(&ready, 1, (int)(wait / NGTCP2_MILLISECONDS) + 1) > 0)
			read_packet();
	}
}
