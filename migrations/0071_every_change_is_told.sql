-- What may be done here and was told to nobody: every act of a contract has its event, or a reason why not
-- (test/webhook-acts.test.ts).
create trigger hook_capacity after update on agents for each row when (old.capacity is distinct from new.capacity)
  execute function hook_row('agent.capacity-changed', 'agent_id', 'agent_id', 'role', 'role_id', 'sees');
create trigger hook_renamed after update on agents for each row when (old.name <> new.name)
  execute function hook_row('agent.renamed', 'agent_id', 'agent_id', 'role', 'role_id', 'sees');

create trigger hook_approval after update on channels for each row when (old.needs_approval <> new.needs_approval)
  execute function hook_row('channel.approval-changed', 'channel_id', 'channel_id', 'network', 'state', 'paused_reason');
create trigger hook_renewed after update on channels for each row
  when (old.sealed_secret <> new.sealed_secret and old.removed_at is null and new.removed_at is null)
  execute function hook_row('channel.renewed', 'channel_id', 'channel_id', 'network', 'state', 'paused_reason');

create trigger hook_sent_again after update on invitations for each row
  when (old.token_digest <> new.token_digest and new.accepted_at is null and new.revoked_at is null)
  execute function hook_row('invitation.sent-again', 'invitation_id', 'invitation_id', 'role', 'role_id', 'sees');

create trigger hook_added after insert on sso_providers for each row
  execute function hook_row('sso-provider.added', 'provider_id', 'provider_id', 'newcomer_role');
create trigger hook_changed after update on sso_providers for each row
  execute function hook_row('sso-provider.changed', 'provider_id', 'provider_id', 'newcomer_role');
create trigger hook_removed after delete on sso_providers for each row
  execute function hook_row('sso-provider.removed', 'provider_id', 'provider_id', 'newcomer_role');

-- Before it is there: the others are told of it, and it is not the first thing that it hears itself.
create function hook_webhook_added() returns trigger language plpgsql as $$
begin
  if wants_hook(new.workspace_id, 'webhook.added') then
    perform tell_hook(new.workspace_id, 'webhook.added', new.destination_id::text, jsonb_build_object(
      'destinationId', new.destination_id, 'state', new.state, 'stateReason', new.state_reason));
  end if;
  return new;
end $$;
create trigger hook_added before insert on webhook_destinations for each row execute function hook_webhook_added();
create trigger hook_changed after update on webhook_destinations for each row
  when ((old.name, old.url, old.types, old.own_network) is distinct from (new.name, new.url, new.types, new.own_network))
  execute function hook_row('webhook.changed', 'destination_id', 'destination_id', 'state', 'state_reason');
create trigger hook_secret after update on webhook_destinations for each row when (old.sealed_secret <> new.sealed_secret)
  execute function hook_row('webhook.secret-renewed', 'destination_id', 'destination_id', 'state', 'state_reason');
create trigger hook_removed after delete on webhook_destinations for each row
  execute function hook_row('webhook.removed', 'destination_id', 'destination_id', 'state', 'state_reason');
