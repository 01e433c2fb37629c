-- Single sign-on by OpenID Connect, per workspace: whoever runs a provider speaks for its own workspace and no other.

create table sso_providers (
  workspace_id uuid not null references workspaces on delete cascade,
  provider_id uuid not null,
  name text not null,
  issuer text not null,
  client_id text not null,
  sealed_secret text not null,
  -- Addresses it may speak for; a claim about any other is not believed.
  domains text[] not null check (cardinality(domains) between 1 and 50),
  -- What somebody becomes whom nobody invited; null lets in who is here already or was invited.
  newcomer_role text check (newcomer_role in
    ('lead', 'agent', 'publisher', 'duty-editor', 'community-manager', 'viewer')),
  created_at timestamptz not null,
  primary key (workspace_id, provider_id)
);

-- Who a provider's subject is here. The subject lasts, an address may go to somebody else.
create table sso_identities (
  workspace_id uuid not null references workspaces on delete cascade,
  provider_id uuid not null,
  subject text not null,
  user_id text not null,
  linked_at timestamptz not null,
  primary key (workspace_id, provider_id, subject),
  foreign key (workspace_id, provider_id) references sso_providers on delete cascade
);
create index sso_identities_of_user on sso_identities (workspace_id, user_id);

do $$
declare tenant text;
begin
  foreach tenant in array array['sso_providers', 'sso_identities'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy walls on %I using (workspace_id = current_workspace())
      with check (workspace_id = current_workspace())', tenant);
  end loop;
end $$;
create policy owner_lists on sso_providers for select to current_user using (true);

-- The installation's: someone on the way to a provider belongs to no workspace yet.
create table sso_attempts (
  state_digest bytea primary key,
  -- The browser that began: only it may come back.
  browser_digest bytea not null,
  workspace_id uuid not null,
  provider_id uuid not null,
  -- The PKCE verifier and the nonce.
  sealed_checks text not null,
  expires_at timestamptz not null
);
create index sso_attempts_by_age on sso_attempts (expires_at);

-- Asked at the door. The first answers an id only; the second is for an installation of one workspace, whose door may
-- name its provider without telling strangers who else lives here.
create function find_workspace_of_provider(wanted uuid) returns uuid
  language sql stable security definer set search_path = public
  as $$ select p.workspace_id from sso_providers p where p.provider_id = wanted $$;
create function list_only_providers() returns table (provider_id uuid, name text)
  language sql stable security definer set search_path = public
  as $$ select p.provider_id, p.name from sso_providers p
    where (select count(*) from (select from workspaces limit 2) as found) = 1 order by p.name, p.provider_id limit 5 $$;
revoke execute on function find_workspace_of_provider, list_only_providers from public;
grant execute on function find_workspace_of_provider, list_only_providers to evenhand_app;

create trigger tell after insert or update or delete on sso_providers
  for each row execute function tell_change('sso', 'provider_id');
grant select, insert, update, delete on sso_providers to evenhand_app;
grant select, insert, delete on sso_identities to evenhand_app;
grant select, insert, delete on sso_attempts to evenhand_app;
