-- Whose address is proved: by a letter that was opened, or by the operator's own link. A link that was handed over by
-- hand proves nothing about the mailbox, and what was made before a proof is ended by it (staff/reset.routes.ts).

update auth_users u set "emailVerified" = true
  where not exists (select from agents a
    join invitations i on i.workspace_id = a.workspace_id and i.accepted_by = a.agent_id
    where a.user_id = u.id and i.mail_state = 'none' and lower(i.email) = lower(u.email))
  and u.email not like '%.sso.invalid';

-- Somebody who came with an imported workspace has no account until they come in.
alter table sso_identities no force row level security;
delete from sso_identities where user_id like 'imported:%';
alter table sso_identities force row level security;

-- Where somebody works or worked: keys of a suspended agent would stand again when they are brought back. Ids only.
create function find_agents_of_user(wanted text) returns table (workspace_id uuid, agent_id uuid)
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select a.workspace_id, a.agent_id from public.agents a
    where a.user_id = wanted order by a.created_at, a.agent_id limit 1000 $$;
revoke execute on function find_agents_of_user from public;
grant execute on function find_agents_of_user to evenhand_app;
