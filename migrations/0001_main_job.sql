-- The main job: what is heard, the cases it becomes, and what was said back.
--
-- Two kinds of table. What belongs to the installation stands first and is named in test/walls.test.ts; every
-- other table is a tenant's: workspace_id leads its key, row-level security is forced, and the app's role owns
-- nothing. The roles evenhand_app and evenhand_reach exist before migrations run (src/base/roles.ts).

create function current_workspace() returns uuid language sql stable
  return nullif(current_setting('evenhand.workspace', true), '')::uuid;

-- ---------------------------------------------------------------- the installation's own

-- Something that can be listened to, and how far we got.
create table sources (
  source_id text primary key,
  kind text not null check (kind in ('firehose', 'jetstream', 'notifications', 'rehearsal')),
  address text not null,
  cursor text,
  cursor_host text,
  state text not null default 'running' check (state in ('running', 'stopped', 'needs-decision')),
  state_reason text,
  last_heard_at timestamptz,
  last_said_at timestamptz,
  connects bigint not null default 0,
  -- All three by the database's clock. Open since then without a break; null while it is not.
  connected_at timestamptz,
  -- Everything that happened until then has been told and stored, also when it was nothing.
  alive_at timestamptz,
  -- From then on nothing was missed: bookmarks bridge what lies between two connections, a gap begins it anew.
  heard_since timestamptz,
  created_at timestamptz not null default now()
);

create table gaps (
  gap_id uuid primary key default uuidv7(),
  source_id text not null references sources on delete cascade,
  cause text not null,
  from_cursor text,
  to_cursor text,
  author_id text,
  -- By an account of ours: kept while it is open, for a stream with such a hole does not vouch for a reply (P2).
  is_ours boolean not null default false,
  noticed_at timestamptz not null default now(),
  -- When it last grew: an open hole of an author stays one row.
  last_at timestamptz not null default now(),
  filled_at timestamptz,
  filled_by text
);
create index gaps_of_source on gaps (source_id, noticed_at desc);
-- One open hole per author: what they say after it only makes it longer.
create unique index gaps_open_of_author on gaps (source_id, author_id)
  where filled_at is null and author_id is not null;

-- Input that could not be read. One row per (source, content): a frame that comes again counts an attempt. Beside it
-- stand the accounts that it names and the post that it was, as far as that could be read: it goes when they do (P7).
create table dead_letters (
  dead_letter_id uuid primary key default uuidv7(),
  source_id text not null references sources on delete cascade,
  digest bytea not null,
  cursor text,
  accounts text[] not null default '{}',
  uri text,
  raw bytea not null,
  error text not null,
  attempts integer not null default 1,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  unique (source_id, digest)
);
create index dead_letters_of_source on dead_letters (source_id, first_at desc);
create index dead_letters_of_accounts on dead_letters using gin (accounts);
create index dead_letters_by_age on dead_letters (first_at);

-- Links printed once on the console: only the digest is kept, and using one uses it up.
create table setup_links (
  token_digest bytea primary key,
  purpose text not null check (purpose in ('setup', 'sign-in')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

-- Sign-in tables, in better-auth's own column names.
create table auth_users (
  id text primary key,
  name text not null,
  email text not null unique,
  "emailVerified" boolean not null default false,
  image text,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now()
);
create table auth_sessions (
  id text primary key,
  "userId" text not null references auth_users on delete cascade,
  token text not null unique,
  "expiresAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now()
);
create index auth_sessions_of_user on auth_sessions ("userId");
create table auth_accounts (
  id text primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references auth_users on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  scope text,
  password text,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now()
);
create index auth_accounts_of_user on auth_accounts ("userId");
create table auth_verifications (
  id text primary key,
  identifier text not null,
  value text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now()
);
create index auth_verifications_by_identifier on auth_verifications (identifier);

-- ---------------------------------------------------------------- tenants

create table workspaces (
  workspace_id uuid primary key default uuidv7(),
  name text not null,
  brand text not null,
  time_zone text not null,
  -- First-answer target in working minutes, and the hours it counts in (ISO weekdays, minutes of the day).
  answer_within_minutes integer not null default 240 check (answer_within_minutes > 0),
  work_days integer[] not null default '{1,2,3,4,5}',
  work_from_minute integer not null default 540,
  work_to_minute integer not null default 1020 check (work_to_minute > work_from_minute),
  -- The next case number; taken under the row's lock.
  next_case_number integer not null default 1,
  -- Counts changes of the workspace's watches: listening compiles them again when it moved.
  watch_version bigint not null default 0,
  created_at timestamptz not null default now()
);

create table agents (
  workspace_id uuid not null references workspaces on delete cascade,
  agent_id uuid not null default uuidv7(),
  user_id text not null,
  name text not null,
  email text not null,
  role text not null check (role in ('admin', 'lead', 'agent')),
  created_at timestamptz not null default now(),
  primary key (workspace_id, agent_id),
  unique (workspace_id, user_id)
);

create table channels (
  workspace_id uuid not null references workspaces on delete cascade,
  channel_id uuid not null default uuidv7(),
  network text not null check (network in ('bluesky', 'rehearsal')),
  account_id text not null,
  handle text not null,
  display_name text,
  service_url text not null,
  sealed_secret text not null,
  state text not null default 'open' check (state in ('open', 'paused')),
  paused_reason text,
  paused_detail text,
  paused_at timestamptz,
  -- The network asked this account for patience until then.
  quiet_until timestamptz,
  -- The sources on which something of this account itself was heard: deletions would be told there too.
  heard_on text[] not null default '{}',
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  primary key (workspace_id, channel_id),
  unique (workspace_id, network, account_id)
);

create table workspace_sources (
  workspace_id uuid not null references workspaces on delete cascade,
  source_id text not null references sources on delete cascade,
  channel_id uuid,
  primary key (workspace_id, source_id)
);

-- `terms` is what the match room reads: words, phrases, handles, hashtags, domains and exclusions.
create table watches (
  workspace_id uuid not null references workspaces on delete cascade,
  watch_id uuid not null default uuidv7(),
  name text not null,
  terms jsonb not null,
  created_by uuid,
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  primary key (workspace_id, watch_id)
);

-- An account on a network that spoke to or about us.
create table authors (
  workspace_id uuid not null references workspaces on delete cascade,
  author_id uuid not null default uuidv7(),
  network text not null,
  account_id text not null,
  handle text,
  display_name text,
  handle_checked_at timestamptz,
  status text not null default 'active'
    check (status in ('active', 'deactivated', 'suspended', 'takendown', 'deleted')),
  muted_at timestamptz,
  muted_by uuid,
  muted_reason text check (muted_reason in ('spam', 'muted')),
  first_heard_at timestamptz not null default now(),
  primary key (workspace_id, author_id),
  unique (workspace_id, network, account_id)
);

create table cases (
  workspace_id uuid not null references workspaces on delete cascade,
  case_id uuid not null default uuidv7(),
  number integer not null,
  network text not null,
  thread_uri text not null,
  author_id uuid not null,
  -- The channel that was addressed; the composer answers as it unless told otherwise.
  channel_id uuid,
  status text not null check (status in ('new', 'open', 'waiting', 'closed')),
  assignee_id uuid,
  opened_at timestamptz not null,
  -- When the customer last began to wait; null when we spoke last. The clock runs from here.
  unanswered_since timestamptz,
  answer_due_at timestamptz,
  first_answered_at timestamptz,
  last_said_at timestamptz not null,
  customer_posts integer not null default 1,
  kind text not null,
  urgency integer not null check (urgency between 0 and 3),
  language text not null,
  triage jsonb not null,
  outcome text check (outcome in ('solved', 'declined', 'no-answer-needed', 'gave-up')),
  outcome_by text check (outcome_by in ('customer', 'us')),
  outcome_reason text,
  closed_at timestamptz,
  closed_by uuid,
  version integer not null default 1,
  primary key (workspace_id, case_id),
  unique (workspace_id, number),
  unique (workspace_id, network, thread_uri, author_id),
  foreign key (workspace_id, author_id) references authors,
  check ((status = 'closed') = (outcome is not null))
);
-- The queue's order: what was promised first, then who waits longest. One partial index serves every page of it.
create index cases_queue on cases (workspace_id, answer_due_at, unanswered_since, case_id)
  where status <> 'closed' and unanswered_since is not null;
create index cases_answered on cases (workspace_id, last_said_at desc, case_id)
  where status <> 'closed' and unanswered_since is null;
create index cases_closed on cases (workspace_id, closed_at desc, case_id) where status = 'closed';
create index cases_mine on cases (workspace_id, assignee_id, last_said_at desc, case_id) where status <> 'closed';
create index cases_of_author on cases (workspace_id, author_id, opened_at desc);
create index cases_of_thread on cases (workspace_id, thread_uri);

-- Something said, kept as the network gave it. Deleting there empties the row here (P7); the row stays so that
-- older news about the same post cannot bring it back.
create table posts (
  workspace_id uuid not null references workspaces on delete cascade,
  post_id uuid not null default uuidv7(),
  network text not null,
  uri text not null,
  cid text not null,
  rev text not null,
  thread_uri text not null,
  parent_uri text,
  author_account_id text not null,
  author_id uuid,
  -- Written by one of our own channels, here or elsewhere.
  ours boolean not null default false,
  case_id uuid,
  text text,
  facets jsonb not null default '[]',
  embed jsonb,
  langs text[] not null default '{}',
  said_at timestamptz not null,
  heard_at timestamptz not null default now(),
  edited_at timestamptz,
  matched jsonb not null default '[]',
  triage jsonb,
  -- Hidden: the account is deactivated, suspended or taken down there. Comes back if the account does.
  hidden_at timestamptz,
  deleted_at timestamptz,
  primary key (workspace_id, post_id),
  unique (workspace_id, network, uri),
  foreign key (workspace_id, case_id) references cases,
  check (deleted_at is null or (text is null and embed is null and facets = '[]'))
);
create index posts_of_case on posts (workspace_id, case_id, said_at, post_id);
create index posts_of_account on posts (workspace_id, network, author_account_id);

create table case_events (
  workspace_id uuid not null references workspaces on delete cascade,
  event_id uuid not null default uuidv7(),
  case_id uuid not null,
  type text not null,
  detail jsonb not null default '{}',
  by_agent_id uuid,
  at timestamptz not null,
  primary key (workspace_id, event_id),
  foreign key (workspace_id, case_id) references cases
);
create index case_events_of_case on case_events (workspace_id, case_id, at, event_id);

-- Internal, never leaves. A table of its own that no sender reads (P2).
create table notes (
  workspace_id uuid not null references workspaces on delete cascade,
  note_id uuid not null default uuidv7(),
  case_id uuid not null,
  by_agent_id uuid not null,
  text text not null,
  written_at timestamptz not null default now(),
  primary key (workspace_id, note_id),
  foreign key (workspace_id, case_id) references cases
);
create index notes_of_case on notes (workspace_id, case_id, written_at);

create table drafts (
  workspace_id uuid not null references workspaces on delete cascade,
  case_id uuid not null,
  agent_id uuid not null,
  channel_id uuid,
  text text not null,
  saved_at timestamptz not null default now(),
  primary key (workspace_id, case_id, agent_id),
  foreign key (workspace_id, case_id) references cases
);

-- The outbox (P2). The payload and its key are frozen before the first attempt and never change.
create table replies (
  workspace_id uuid not null references workspaces on delete cascade,
  reply_id uuid not null,
  case_id uuid not null,
  channel_id uuid not null,
  by_agent_id uuid not null,
  purpose text not null default 'answer' check (purpose in ('answer', 'public-ending')),
  text text not null,
  thread_uri text not null,
  parent_uri text not null,
  frozen_key text not null,
  frozen_uri text not null,
  frozen_record jsonb not null,
  state text not null default 'queued' check (state in
    ('queued', 'sending', 'sent', 'refused', 'unknown', 'needs-person', 'undone', 'deleted-by-owner')),
  detail text,
  send_after timestamptz not null,
  attempts integer not null default 0,
  -- The lease is by the database's clock; the token fences off a worker that lost it.
  lease_until timestamptz,
  lease_token uuid,
  -- When the network was first seen not to have what may have been sent.
  absent_at timestamptz,
  cid text,
  url text,
  queued_at timestamptz not null default now(),
  sent_at timestamptz,
  shown text not null default 'unchecked' check (shown in ('unchecked', 'shown', 'hidden', 'unknown')),
  shown_reason text,
  primary key (workspace_id, reply_id),
  unique (workspace_id, channel_id, frozen_key),
  foreign key (workspace_id, case_id) references cases,
  foreign key (workspace_id, channel_id) references channels
);
create index replies_of_case on replies (workspace_id, case_id, queued_at);
create index replies_unsettled on replies (workspace_id, send_after) where state in ('queued', 'sending', 'unknown');
-- What one channel says in one thread goes out in the order it was said.
create index replies_in_line on replies (workspace_id, channel_id, thread_uri, queued_at)
  where state in ('queued', 'sending', 'unknown');
create index replies_by_uri on replies (workspace_id, frozen_uri);

-- P3: how many people follow someone. The app's role has no right on this table; evenhand_reach may insert only.
create table sealed_reach (
  workspace_id uuid not null references workspaces on delete cascade,
  case_id uuid not null,
  account_id text not null,
  known boolean not null,
  followers bigint,
  badges text[] not null default '{}',
  verified boolean,
  read_at timestamptz not null default now(),
  primary key (workspace_id, case_id)
);

-- ---------------------------------------------------------------- walls (P8)

do $$
declare tenant text;
begin
  foreach tenant in array array['workspaces', 'agents', 'channels', 'workspace_sources', 'watches', 'authors',
    'cases', 'posts', 'case_events', 'notes', 'drafts', 'replies', 'sealed_reach'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy walls on %I using (workspace_id = current_workspace())
      with check (workspace_id = current_workspace())', tenant);
  end loop;
end $$;

-- The three questions that are asked before a workspace is known. They answer ids only.
create policy owner_lists on workspaces for select to current_user using (true);
create policy owner_lists on agents for select to current_user using (true);
create policy owner_lists on workspace_sources for select to current_user using (true);

create function list_workspaces() returns setof uuid
  language sql stable security definer set search_path = public
  as $$ select workspace_id from workspaces order by workspace_id $$;

create function find_workspaces_of_user(wanted text) returns table (workspace_id uuid, agent_id uuid)
  language sql stable security definer set search_path = public
  as $$ select a.workspace_id, a.agent_id from agents a where a.user_id = wanted order by a.created_at $$;

create function find_workspaces_of_source(wanted text) returns setof uuid
  language sql stable security definer set search_path = public
  as $$ select s.workspace_id from workspace_sources s where s.source_id = wanted order by 1 $$;

-- ---------------------------------------------------------------- what changed, told on commit

-- Payload: workspace, what, id. The server turns it into the live stream; nothing is decided here.
create function tell_change() returns trigger language plpgsql as $$
declare
  row jsonb := to_jsonb(coalesce(new, old));
begin
  perform pg_notify('evenhand', concat_ws(' ', row ->> 'workspace_id', tg_argv[0], row ->> tg_argv[1]));
  return null;
end $$;

create trigger tell after insert or update on cases for each row execute function tell_change('case', 'case_id');
create trigger tell after insert or update on posts for each row execute function tell_change('case', 'case_id');
create trigger tell after insert or update on replies for each row execute function tell_change('case', 'case_id');
create trigger tell after insert on notes for each row execute function tell_change('case', 'case_id');
create trigger tell after insert or update on channels for each row execute function tell_change('channel', 'channel_id');
create trigger tell after insert or update or delete on watches
  for each row execute function tell_change('watch', 'watch_id');
create trigger tell after insert or update or delete on workspace_sources
  for each row execute function tell_change('source', 'source_id');
create function count_watch_change() returns trigger language plpgsql as $$
begin
  update workspaces set watch_version = watch_version + 1
    where workspace_id = coalesce(new.workspace_id, old.workspace_id);
  return null;
end $$;
create trigger count_change after insert or update or delete on watches
  for each row execute function count_watch_change();
-- Handing out a case number or counting a watch is no news.
create trigger tell after update on workspaces for each row
  when (old.next_case_number = new.next_case_number and old.watch_version = new.watch_version)
  execute function tell_change('workspace', 'workspace_id');
create trigger tell after update on authors for each row
  when (old.handle is distinct from new.handle or old.muted_at is distinct from new.muted_at
    or old.status is distinct from new.status)
  execute function tell_change('author', 'author_id');

create function tell_source() returns trigger language plpgsql as $$
begin
  perform pg_notify('evenhand', concat_ws(' ', '-', 'source', new.source_id));
  return null;
end $$;
create trigger tell after insert on gaps for each row execute function tell_source();
create trigger tell after insert on dead_letters for each row execute function tell_source();
create trigger tell after update on sources for each row
  when (old.state is distinct from new.state) execute function tell_source();

-- ---------------------------------------------------------------- grants (P2, P3, P8)

grant usage on schema public to evenhand_app, evenhand_reach;
grant select, insert, update, delete on
  sources, gaps, dead_letters, setup_links, auth_users, auth_sessions, auth_accounts, auth_verifications
  to evenhand_app;
grant select, insert, update on workspaces, agents, channels, watches, authors, cases, posts, replies to evenhand_app;
grant select, insert, delete on workspace_sources to evenhand_app;
grant select, insert on case_events, notes to evenhand_app;
grant select, insert, update, delete on drafts to evenhand_app;
grant insert on sealed_reach to evenhand_reach;

revoke execute on function list_workspaces, find_workspaces_of_user, find_workspaces_of_source from public;
grant execute on function list_workspaces, find_workspaces_of_user, find_workspaces_of_source to evenhand_app;
