-- How colleagues come in: invitations bound to an address and a workspace, and links for a forgotten password.

create table invitations (
  workspace_id uuid not null references workspaces on delete cascade,
  invitation_id uuid not null default uuidv7(),
  -- In lower case, as accounts keep it.
  email text not null,
  role text not null,
  -- No foreign key: a role that was deleted meanwhile makes the invitation worthless, and does not keep it alive.
  role_id uuid,
  sees text not null check (sees in ('workspace', 'teams')),
  team_ids uuid[] not null default '{}',
  -- SHA-256 of the link's token; a new link replaces it, so that the old one dies.
  token_digest bytea not null,
  mail_state text not null check (mail_state in ('none', 'waiting', 'sent', 'refused')),
  invited_by uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid,
  revoked_at timestamptz,
  primary key (workspace_id, invitation_id),
  foreign key (workspace_id, invited_by) references agents,
  check ((role = 'custom') = (role_id is not null))
);
create index invitations_by_token on invitations (workspace_id, token_digest)
  where accepted_at is null and revoked_at is null;
-- One open invitation per address: inviting again is sending again.
create unique index invitations_open_of_address on invitations (workspace_id, email)
  where accepted_at is null and revoked_at is null;

alter table invitations enable row level security;
alter table invitations force row level security;
create policy walls on invitations using (workspace_id = current_workspace())
  with check (workspace_id = current_workspace());
create policy owner_lists on invitations for select to current_user using (true);

-- Whoever holds the link belongs to no workspace yet. It answers ids only.
create function find_open_invitation(wanted bytea) returns table (workspace_id uuid, invitation_id uuid)
  language sql stable security definer set search_path = public
  as $$ select i.workspace_id, i.invitation_id from invitations i
    where i.token_digest = wanted and i.accepted_at is null and i.revoked_at is null $$;
revoke execute on function find_open_invitation from public;
grant execute on function find_open_invitation to evenhand_app;

create trigger tell after insert or update on invitations
  for each row execute function tell_change('invitation', 'invitation_id');
grant select, insert, update on invitations to evenhand_app;

-- The installation's, like the accounts they are about: a person has one password, in however many workspaces.
create table reset_links (
  token_digest bytea primary key,
  user_id text not null references auth_users on delete cascade,
  -- SHA-256 of the password's hash it was made for: whatever else changes the password ends the link.
  password_digest bytea not null,
  by_mail boolean not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index reset_links_of_user on reset_links (user_id, created_at);
grant select, insert, update, delete on reset_links to evenhand_app;
