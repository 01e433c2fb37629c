-- A row in every table as the main job left them (migration 0001 alone): what every later release must still hold.
insert into sources (source_id, kind, address, cursor, cursor_host, state, state_reason)
  values ('firehose http://127.0.0.1:1', 'firehose', 'http://127.0.0.1:1', '4711', '127.0.0.1', 'needs-decision', 'future-cursor');
insert into gaps (source_id, cause, from_cursor, to_cursor) values ('firehose http://127.0.0.1:1', 'outdated-cursor', '1', '9');
insert into dead_letters (source_id, digest, accounts, uri, raw, error)
  values ('firehose http://127.0.0.1:1', '\x01', '{did:plc:kim}', 'at://kim/9', '\x00ff', 'not CBOR');
insert into setup_links (token_digest, purpose, expires_at) values ('\x02', 'setup', now() + interval '1 day');
insert into auth_users (id, name, email) values ('user-ana', 'Ana Ruiz', 'ana@acme.test');
insert into auth_sessions (id, "userId", token, "expiresAt") values ('s-1', 'user-ana', 'token-of-ana', now() + interval '7 days');
insert into auth_accounts (id, "accountId", "providerId", "userId", password) values ('a-1', 'user-ana', 'credential', 'user-ana', 'hash');
insert into auth_verifications (id, identifier, value, "expiresAt") values ('v-1', 'x', 'y', now() + interval '1 hour');

insert into workspaces (workspace_id, name, brand, time_zone, next_case_number, work_days, work_from_minute, work_to_minute)
  values ('018f0000-0000-7000-8000-000000000001', 'Acme care', 'Acme', 'Europe/London', 3, '{1,2,3,4}', 600, 1080);
insert into agents (workspace_id, agent_id, user_id, name, email, role) values
  ('018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-00000000000a', 'user-ana', 'Ana Ruiz', 'ana@acme.test', 'admin'),
  ('018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-00000000000b', 'user-ben', 'Ben Sol', 'ben@acme.test', 'agent');
insert into channels (workspace_id, channel_id, network, account_id, handle, service_url, sealed_secret, state, paused_reason)
  values ('018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-0000000000c1', 'bluesky', 'did:plc:acme',
    'acme.example', 'http://127.0.0.1:1', 'abcd1234.sealed', 'paused', 'InvalidToken');
insert into workspace_sources (workspace_id, source_id) values ('018f0000-0000-7000-8000-000000000001', 'firehose http://127.0.0.1:1');
insert into watches (workspace_id, name, terms, created_by) values ('018f0000-0000-7000-8000-000000000001', 'Acme',
  '{"words": ["acme"], "handles": [], "hashtags": [], "domains": [], "exclusions": []}', '018f0000-0000-7000-8000-00000000000a');
insert into authors (workspace_id, author_id, network, account_id, handle, display_name)
  values ('018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-0000000000d1', 'bluesky', 'did:plc:kim', 'kim.example', 'Kim Lee');
insert into cases (workspace_id, case_id, number, network, thread_uri, author_id, channel_id, status, assignee_id, opened_at,
    unanswered_since, answer_due_at, last_said_at, kind, urgency, language, triage, outcome, outcome_by, closed_at, closed_by) values
  ('018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-0000000000e1', 1, 'bluesky', 'at://kim/1',
    '018f0000-0000-7000-8000-0000000000d1', '018f0000-0000-7000-8000-0000000000c1', 'open', '018f0000-0000-7000-8000-00000000000b',
    '2026-11-20T10:00:00Z', '2026-11-20T10:00:00Z', '2026-11-20T14:00:00Z', '2026-11-20T10:00:00Z', 'complaint', 1, 'en',
    '{"language":"en","kind":"complaint","kindReasons":[{"rule":"late","words":["never came"]}],"urgency":1,"urgencyReasons":[],"needsAnswer":"yes"}',
    null, null, null, null),
  ('018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-0000000000e2', 2, 'bluesky', 'at://kim/2',
    '018f0000-0000-7000-8000-0000000000d1', null, 'closed', null, '2026-11-01T10:00:00Z', null, null, '2026-11-01T10:00:00Z',
    'praise', 0, 'en',
    '{"language":"en","kind":"praise","kindReasons":[],"urgency":0,"urgencyReasons":[],"needsAnswer":"no"}',
    'no-answer-needed', 'us', '2026-11-01T11:00:00Z', '018f0000-0000-7000-8000-00000000000a');
insert into posts (workspace_id, network, uri, cid, rev, thread_uri, author_account_id, author_id, case_id, text, langs, said_at, matched) values
  ('018f0000-0000-7000-8000-000000000001', 'bluesky', 'at://kim/1', 'c1', '3k', 'at://kim/1', 'did:plc:kim',
    '018f0000-0000-7000-8000-0000000000d1', '018f0000-0000-7000-8000-0000000000e1', 'Acme, my parcel never came', '{en}',
    '2026-11-20T10:00:00Z', '[{"watchId": "018f0000-0000-7000-8000-0000000000f1", "hits": ["acme"]}]');
insert into posts (workspace_id, network, uri, cid, rev, thread_uri, author_account_id, said_at, deleted_at) values
  ('018f0000-0000-7000-8000-000000000001', 'bluesky', 'at://gone/1', '', '3k', 'at://gone/1', 'did:plc:gone', now(), now());
insert into case_events (workspace_id, case_id, type, at) values
  ('018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-0000000000e1', 'opened', '2026-11-20T10:00:00Z');
insert into notes (workspace_id, case_id, by_agent_id, text) values
  ('018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-0000000000e1', '018f0000-0000-7000-8000-00000000000b', 'Rang the depot');
insert into drafts (workspace_id, case_id, agent_id, text) values
  ('018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-0000000000e1', '018f0000-0000-7000-8000-00000000000b', 'Dear Kim');
insert into replies (workspace_id, reply_id, case_id, channel_id, by_agent_id, text, thread_uri, parent_uri, frozen_key,
    frozen_uri, frozen_record, state, send_after) values
  ('018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-000000000111', '018f0000-0000-7000-8000-0000000000e1',
    '018f0000-0000-7000-8000-0000000000c1', '018f0000-0000-7000-8000-00000000000b', 'We look into it.', 'at://kim/1',
    'at://kim/1', 'k1', 'at://acme/1', '{"text": "We look into it."}', 'queued', now());
insert into sealed_reach (workspace_id, case_id, account_id, known, followers) values
  ('018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-0000000000e1', 'did:plc:kim', true, 12);
