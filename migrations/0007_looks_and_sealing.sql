-- The audit log is sealed into its chain, and looks at people are kept. Nobody can change either (P6, P8).

-- Needed to find a name by a part of it, inside one workspace. Both are trusted: a database's owner may create them.
create extension if not exists pg_trgm;
create extension if not exists btree_gin;

-- ---------------------------------------------------------------- sealing

-- What waits to be sealed. A row enters with the row it is about, in whatever transaction that is, and leaves when the
-- chain has it. The truth is the chain: verifying compares the log with it and never asks here.
create table audit_unsealed (
  workspace_id uuid not null references workspaces on delete cascade,
  audit_id uuid not null,
  primary key (workspace_id, audit_id)
);

create function wait_for_seal() returns trigger language plpgsql as $$
begin
  insert into audit_unsealed (workspace_id, audit_id) values (new.workspace_id, new.audit_id);
  return null;
end $$;
create trigger wait_for_seal after insert on audit for each row execute function wait_for_seal();

-- What was logged before there was a chain is sealed first.
alter table audit no force row level security;
insert into audit_unsealed select workspace_id, audit_id from audit;
alter table audit force row level security;

-- SHA-256 over salt and content: kept, so that what an erased row still says can be told from a forgery.
alter table audit_chain add column content_digest bytea not null;

-- By code points, whatever language the database sorts by: acts that begin alike stand together.
drop index audit_by_act;
create index audit_by_act on audit (workspace_id, act collate "C", audit_id desc);
create index audit_by_key on audit (workspace_id, by_key_id, audit_id desc) where by_key_id is not null;

-- ---------------------------------------------------------------- looks

-- Somebody was searched for by name, and why.
create table person_searches (
  workspace_id uuid not null references workspaces on delete cascade,
  search_id uuid not null default uuidv7(),
  agent_id uuid not null,
  name text not null,
  reason text not null check (length(btrim(reason)) >= 5),
  at timestamptz not null,
  primary key (workspace_id, search_id)
);
create index person_searches_of_agent on person_searches (workspace_id, agent_id, search_id desc);

-- An agent saw what we hold of a person: one row per agent, person, occasion and hour.
create table looks (
  workspace_id uuid not null references workspaces on delete cascade,
  look_id uuid not null default uuidv7(),
  agent_id uuid not null,
  author_id uuid not null,
  -- The case that was opened, or the search that found them.
  case_id uuid,
  search_id uuid,
  at timestamptz not null,
  hour timestamptz not null,
  primary key (workspace_id, look_id),
  check (num_nonnulls(case_id, search_id) = 1)
);
create unique index looks_once on looks (workspace_id, agent_id, hour, author_id, coalesce(case_id, search_id));
create index looks_at_author on looks (workspace_id, author_id, look_id desc);
create index looks_by_agent on looks (workspace_id, agent_id, look_id desc);

-- What an admin should know of. Told once per agent, kind, person and day.
create table alerts (
  workspace_id uuid not null references workspaces on delete cascade,
  alert_id uuid not null default uuidv7(),
  kind text not null check (kind in ('many-people', 'one-person', 'many-searches')),
  agent_id uuid not null,
  author_id uuid,
  -- How much it was, and how much would have been usual.
  found integer not null,
  usual integer not null,
  day date not null,
  noticed_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  primary key (workspace_id, alert_id)
);
create unique index alerts_once on alerts (workspace_id, agent_id, day, kind, coalesce(author_id, agent_id));
create index alerts_open on alerts (workspace_id, alert_id desc) where acknowledged_at is null;

create trigger tell after insert or update on alerts for each row execute function tell_change('alert', 'alert_id');

-- ---------------------------------------------------------------- a person by a part of their name

create function name_of_author(handle text, display_name text) returns text language sql immutable
  return lower(coalesce(handle, '') || ' ' || coalesce(display_name, ''));
create index authors_by_name on authors
  using gin (workspace_id, name_of_author(handle, display_name) gin_trgm_ops);

-- Behind row-level security no index on names would be used: matching text is not known to be free of leaks. So this
-- one question is asked by the owner, for the workspace that is entered, and answers ids only.
create policy owner_lists on authors for select to current_user using (true);
create function find_authors_by_name(wanted text, before uuid, most integer) returns setof uuid
  language sql stable security definer set search_path = public
  as $$ with matched as materialized (
      select a.author_id from authors a
      where a.workspace_id = current_workspace() and a.status <> 'deleted'
        and name_of_author(a.handle, a.display_name)
          like '%' || regexp_replace(lower(wanted), '([%_\\])', '\\\1', 'g') || '%')
    select author_id from matched where before is null or author_id < before
    order by author_id desc limit most $$;

-- ---------------------------------------------------------------- walls and grants

do $$
declare tenant text;
begin
  foreach tenant in array array['audit_unsealed', 'person_searches', 'looks', 'alerts'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy walls on %I using (workspace_id = current_workspace())
      with check (workspace_id = current_workspace())', tenant);
  end loop;
end $$;

create policy owner_lists on audit_unsealed for select to current_user using (true);
create function find_workspaces_to_seal() returns setof uuid
  language sql stable security definer set search_path = public
  as $$ select distinct workspace_id from audit_unsealed $$;
revoke execute on function find_workspaces_to_seal, find_authors_by_name from public;
grant execute on function find_workspaces_to_seal, find_authors_by_name to evenhand_app;

grant select, insert, delete on audit_unsealed to evenhand_app;
grant select, insert on person_searches, looks to evenhand_app;
grant select, insert, update (acknowledged_at, acknowledged_by) on alerts to evenhand_app;
