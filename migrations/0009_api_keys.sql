-- API keys: who acts by which key, what it may do at most, and until when. Only a digest of the key is kept.

create table api_keys (
  workspace_id uuid not null references workspaces on delete cascade,
  key_id uuid not null default uuidv7(),
  -- Whom it acts as: never more than they may do at the moment of the call.
  agent_id uuid not null,
  name text not null,
  may text[] not null,
  -- SHA-256 of 32 random bytes and what is around them: nothing that could be guessed, so nothing that needs salt.
  digest bytea not null,
  -- Its first letters, to tell keys apart by.
  hint text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_used_at timestamptz,
  ended_at timestamptz,
  ended_by uuid,
  primary key (workspace_id, key_id),
  foreign key (workspace_id, agent_id) references agents on delete cascade
);
create unique index api_keys_by_digest on api_keys (workspace_id, digest);
create index api_keys_of_agent on api_keys (workspace_id, agent_id, key_id desc);

alter table api_keys enable row level security;
alter table api_keys force row level security;
create policy walls on api_keys using (workspace_id = current_workspace())
  with check (workspace_id = current_workspace());

-- Not on every use: only what a list of keys would show otherwise.
create trigger tell after insert or update of ended_at on api_keys for each row
  execute function tell_change('key', 'key_id');

-- A key is never changed: it ends, and another is made.
grant select, insert, update (last_used_at, ended_at, ended_by) on api_keys to evenhand_app;

-- Open streams of many workspaces are asked for in one question (like list_workspaces: it answers ids only).
create policy owner_lists on api_keys for select to current_user using (true);
create function find_key_holders(wanted uuid[])
  returns table (key_id uuid, workspace_id uuid, agent_id uuid, rights_version integer)
  language sql stable security definer set search_path = public
  as $$ select k.key_id, k.workspace_id, k.agent_id, a.rights_version
    from api_keys k join agents a on a.workspace_id = k.workspace_id and a.agent_id = k.agent_id
    where k.key_id = any (wanted) and k.ended_at is null and k.expires_at > now() and a.suspended_at is null $$;
revoke execute on function find_key_holders from public;
grant execute on function find_key_holders to evenhand_app;
