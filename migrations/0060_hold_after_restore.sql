-- What waits in a backup may have been done since: after a restore nothing of it goes on by itself (F26). Called by the
-- restore of the embedded database, and by whoever restores an outside one (docs/operate.md).

-- Words that wait for a second person may have been approved and sent since, or elsewhere: approving them again would say
-- them twice. They go back to their author's draft. In one workspace; an import does the same.
create function withdraw_approvals(why text) returns integer language sql
  set search_path = pg_catalog, public, pg_temp as $$
  with gone as (
    update approvals set decision = 'withdrawn', decided_at = now()
    where workspace_id = current_workspace() and decision is null
    returning workspace_id, reply_id, case_id, channel_id, by_agent_id, purpose, text, asked_at),
  given_back as (
    -- As when somebody withdraws them: never over words written since.
    insert into drafts (workspace_id, case_id, agent_id, channel_id, text, saved_at)
    select workspace_id, case_id, by_agent_id, channel_id, text, now() from gone where purpose = 'answer'
    order by asked_at desc on conflict do nothing),
  told as (
    insert into case_events (workspace_id, case_id, type, detail, at)
    select workspace_id, case_id, 'approval-withdrawn', jsonb_build_object('replyId', reply_id, 'reason', why), now()
    from gone order by asked_at)
  select count(*)::integer from gone
$$;
revoke execute on function withdraw_approvals from public;
grant execute on function withdraw_approvals to evenhand_app;

-- Workspace by workspace, because the walls hold for the owner too.
create function hold_after_restore() returns table (replies bigint, approvals bigint, invitations bigint, carries bigint)
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  workspace uuid;
  held bigint;
begin
  replies := 0; approvals := 0; invitations := 0; carries := 0;
  for workspace in select list_workspaces() loop
    perform set_config('evenhand.workspace', workspace::text, true);

    update public.replies it set state = 'needs-person', detail = 'restored', lease_token = null, lease_until = null
      where it.workspace_id = workspace and it.state in ('queued', 'sending', 'unknown');
    get diagnostics held = row_count;
    replies := replies + held;

    approvals := approvals + withdraw_approvals('restored');

    -- Revoked or replaced since, a link would open again.
    update public.invitations it set revoked_at = now()
      where it.workspace_id = workspace and it.accepted_at is null and it.revoked_at is null;
    get diagnostics held = row_count;
    invitations := invitations + held;

    -- Their job and their file are not in the backup.
    update public.carries it set state = 'failed', finished_at = now(),
        problem = 'It was under way when the backup was made that is restored now. Start it again.'
      where it.workspace_id = workspace and it.state in ('reading', 'running');
    get diagnostics held = row_count;
    carries := carries + held;
  end loop;
  perform set_config('evenhand.workspace', '', true);
  return next;
end $$;
revoke execute on function hold_after_restore from public;
