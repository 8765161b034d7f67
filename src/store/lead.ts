/**
 * What an update of `conversations` sets when somebody else leads from now on: a turn under way ends, for its fence is
 * old, and what is pending is looked at again under the new mode. `mode` and `dialogue` name the statement's
 * parameters: the new mode, and what the bot starts from when it leads.
 */
export const newLeader = (mode: `$${number}`, dialogue: `$${number}`): string =>
  `mode = ${mode}, fence = fence + 1, lease_owner = null, lease_until = null,
  ready_at = case when pending > 0 then now() end,
  dialogue = case when ${mode} = 'bot' then ${dialogue}::jsonb else dialogue end`
