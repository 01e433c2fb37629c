-- What is carried out and in, how we know where somebody can be reached, and what must stay erased.

-- ---------------------------------------------------------------- how we know (P4)

-- Where a way to reach someone came from. Append-only: nobody rewrites how we got an address.
create table provenances (
  workspace_id uuid not null references workspaces on delete cascade,
  provenance_id uuid not null default uuidv7(),
  contact_point_id uuid not null,
  -- 'wrote': the person wrote from it. 'confirmed': they said so where they write. 'import': it came in a file.
  how text not null check (how in ('wrote', 'confirmed', 'import')),
  -- The file, the address or the id of what was said.
  source text not null check (source <> ''),
  basis text not null check (basis <> ''),
  by_agent_id uuid,
  -- SHA-256 of the evidence.
  evidence_digest bytea,
  at timestamptz not null,
  primary key (workspace_id, provenance_id),
  unique (workspace_id, contact_point_id, provenance_id),
  -- An import has somebody who did it and a file that can be told from others.
  check (how <> 'import' or (by_agent_id is not null and evidence_digest is not null))
);

-- A way to reach someone. Without a provenance of its own there is none: the reference is the constraint.
create table contact_points (
  workspace_id uuid not null references workspaces on delete cascade,
  contact_point_id uuid not null default uuidv7(),
  author_id uuid not null,
  kind text not null check (kind in ('email', 'phone', 'handle')),
  value text not null,
  provenance_id uuid not null,
  state text not null default 'unconfirmed' check (state in ('unconfirmed', 'confirmed', 'withdrawn')),
  -- What made it usable: the person's own act.
  confirmation_id uuid,
  created_at timestamptz not null default now(),
  primary key (workspace_id, contact_point_id),
  unique (workspace_id, author_id, kind, value),
  foreign key (workspace_id, author_id) references authors,
  foreign key (workspace_id, contact_point_id, provenance_id)
    references provenances (workspace_id, contact_point_id, provenance_id),
  foreign key (workspace_id, contact_point_id, confirmation_id)
    references provenances (workspace_id, contact_point_id, provenance_id),
  check (state <> 'confirmed' or confirmation_id is not null)
);

-- Every use is written here before it is made; the trigger below is what refuses one.
create table contact_uses (
  workspace_id uuid not null references workspaces on delete cascade,
  contact_use_id uuid not null default uuidv7(),
  contact_point_id uuid not null,
  purpose text not null,
  by_agent_id uuid,
  at timestamptz not null default now(),
  primary key (workspace_id, contact_use_id),
  foreign key (workspace_id, contact_point_id) references contact_points
);
create index contact_uses_of_point on contact_uses (workspace_id, contact_point_id, at);

create function refuse_import_as_confirmation() returns trigger language plpgsql as $$
begin
  if new.confirmation_id is not null and exists (select from provenances p
      where p.workspace_id = new.workspace_id and p.provenance_id = new.confirmation_id and p.how = 'import') then
    raise exception 'an import does not confirm a contact point' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger refuse_import before insert or update on contact_points
  for each row execute function refuse_import_as_confirmation();

create function refuse_use_unconfirmed() returns trigger language plpgsql as $$
begin
  if not exists (select from contact_points p where p.workspace_id = new.workspace_id
      and p.contact_point_id = new.contact_point_id and p.state = 'confirmed') then
    raise exception 'this contact point is not confirmed and cannot be used' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger refuse_unconfirmed before insert on contact_uses
  for each row execute function refuse_use_unconfirmed();

-- ---------------------------------------------------------------- carried out and in

-- One export or import, as its screen shows it. The file itself is in the data folder for a day.
create table carries (
  workspace_id uuid not null references workspaces on delete cascade,
  carry_id uuid not null default uuidv7(),
  direction text not null check (direction in ('out', 'in')),
  kind text not null check (kind in ('evenhand', 'chatwoot', 'zammad', 'zendesk')),
  file_name text not null,
  state text not null check (state in ('reading', 'read', 'running', 'done', 'failed')),
  done integer not null default 0,
  total integer,
  -- Counts and names of fields; of what was not understood, examples.
  report jsonb,
  problem text,
  bytes bigint,
  digest bytea,
  by_agent_id uuid not null,
  asked_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (workspace_id, carry_id)
);

-- ---------------------------------------------------------------- the erasure ledger (V-07)

-- The installation's own: what a network erased is erased in every workspace, and in every backup that comes back.
-- Only a keyed digest of which thing it was, never its words. A file in the data folder repeats it.
create table erasures (
  digest bytea primary key,
  kind text not null check (kind in ('post', 'account')),
  at timestamptz not null default now(),
  -- When it was written into the file beside the database.
  filed_at timestamptz
);
create index erasures_unfiled on erasures (at) where filed_at is null;

-- The two padded halves of an HMAC-SHA-256 key that follows from the installation's key; set at every start. Not in
-- any backup: with it, a digest could be tried against guesses.
create table erasure_key (
  only_one boolean primary key default true check (only_one),
  inner_pad bytea not null check (octet_length(inner_pad) = 64),
  outer_pad bytea not null check (octet_length(outer_pad) = 64)
);

create function erasure_digest(kind text, network text, name text) returns bytea
  language plpgsql stable parallel safe security definer set search_path = public as $$
declare k erasure_key;
begin
  select * into k from erasure_key;
  if not found then raise exception 'the erasure ledger has no key'; end if;
  return sha256(k.outer_pad || sha256(k.inner_pad || convert_to(concat_ws(E'\n', kind, network, name), 'UTF8')));
end $$;

create function note_post_erasure() returns trigger language plpgsql security definer set search_path = public as $$
begin
  insert into erasures (digest, kind) values (erasure_digest('post', new.network, new.uri), 'post')
    on conflict (digest) do nothing;
  return null;
end $$;
create function note_account_erasure() returns trigger language plpgsql security definer set search_path = public as $$
begin
  insert into erasures (digest, kind) values (erasure_digest('account', new.network, new.account_id), 'account')
    on conflict (digest) do nothing;
  return null;
end $$;
create trigger note_erasure after insert on posts for each row
  when (new.deleted_at is not null) execute function note_post_erasure();
create trigger note_erasure_later after update on posts for each row
  when (old.deleted_at is null and new.deleted_at is not null) execute function note_post_erasure();
create trigger note_erasure after insert on authors for each row
  when (new.status = 'deleted') execute function note_account_erasure();
create trigger note_erasure_later after update on authors for each row
  when (old.status <> 'deleted' and new.status = 'deleted') execute function note_account_erasure();

-- When the last backups were made, for the screen that tells.
create table backups (
  backup_id uuid primary key default uuidv7(),
  at timestamptz not null default now(),
  file_name text not null,
  bytes bigint not null,
  took_ms integer not null,
  with_key boolean not null
);

-- History that is carried in happened elsewhere, long ago: other programs are not told of it as news.
create or replace function wants_hook(workspace uuid, wanted text) returns boolean language plpgsql stable as $$
begin
  if current_setting('evenhand.carrying', true) = 'on' then return false; end if;
  return exists (select from webhook_destinations it where it.workspace_id = workspace
    and it.state <> 'disabled' and (it.types is null or wanted = any (it.types)));
end $$;

-- ---------------------------------------------------------------- walls, news and grants

do $$
declare tenant text;
begin
  foreach tenant in array array['provenances', 'contact_points', 'contact_uses', 'carries'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy walls on %I using (workspace_id = current_workspace())
      with check (workspace_id = current_workspace())', tenant);
  end loop;
end $$;

create trigger tell after insert or update on carries for each row execute function tell_change('carry', 'carry_id');
create trigger tell after insert or update on contact_points
  for each row execute function tell_change('author', 'author_id');

grant select, insert on provenances, contact_uses to evenhand_app;
grant select, insert, update (state, confirmation_id) on contact_points to evenhand_app;
grant select, insert, update on carries to evenhand_app;
grant select, insert, update (filed_at) on erasures to evenhand_app;
grant select on backups to evenhand_app;
revoke execute on function erasure_digest, note_post_erasure, note_account_erasure from public;
grant execute on function erasure_digest to evenhand_app;
