-- The audit log only grows. Lines are numbered and chained here, so that no writer can do otherwise; every other change
-- is refused, and the oldest lines leave through audit_retire alone, never before they are 180 days old.
CREATE FUNCTION audit_digest(line audit_log) RETURNS text LANGUAGE sql STABLE AS $$
  select encode(sha256(convert_to(jsonb_build_array(line.previous, line.seq,
    to_char(line.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), line.actor_kind, line.actor_id, line.act,
    line.object_kind, line.object_id, line.address, line.reason, line.detail)::text, 'UTF8')), 'hex')
$$;--> statement-breakpoint
CREATE FUNCTION audit_append() RETURNS trigger LANGUAGE plpgsql AS $$
declare
  before record;
begin
  -- One transaction at a time, until it ends: two lines that follow the same one would break the chain.
  perform pg_advisory_xact_lock(7310588742);
  select seq, hash into before from audit_log order by seq desc limit 1;
  new.seq := coalesce(before.seq, 0) + 1;
  new.at := clock_timestamp();
  new.previous := coalesce(before.hash, '');
  new.hash := audit_digest(new);
  return new;
end
$$;--> statement-breakpoint
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  if tg_op = 'DELETE' and current_setting('tongda.audit_retire', true) = 'on' then
    if old.at < clock_timestamp() - interval '180 days' then
      return old;
    end if;
    raise exception 'lines of the audit log are kept for 180 days at least' using errcode = 'insufficient_privilege';
  end if;
  raise exception 'the audit log only grows: % is refused', tg_op using errcode = 'insufficient_privilege';
end
$$;--> statement-breakpoint
CREATE FUNCTION audit_retire(cutoff timestamptz, most bigint, OUT gone bigint, OUT number bigint, OUT hash text)
LANGUAGE plpgsql AS $$
declare
  stays bigint;
  kept timestamptz := least(cutoff, clock_timestamp() - interval '180 days');
begin
  perform pg_advisory_xact_lock(7310588742);
  gone := 0;
  -- Whole from the beginning: the first line that is young enough ends it, and the newest always stays.
  select coalesce(min(l.seq), (select max(m.seq) from audit_log m)) into stays from audit_log l where l.at >= kept;
  select l.seq, l.hash into number, hash from audit_log l
  where l.seq < stays and l.seq < (select min(m.seq) + most from audit_log m) order by l.seq desc limit 1;
  if number is null then
    return;
  end if;
  perform set_config('tongda.audit_retire', 'on', true);
  delete from audit_log l where l.seq <= number;
  get diagnostics gone = row_count;
  perform set_config('tongda.audit_retire', 'off', true);
end
$$;--> statement-breakpoint
CREATE TRIGGER audit_log_append BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_append();--> statement-breakpoint
CREATE TRIGGER audit_log_grows BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_refuse();--> statement-breakpoint
CREATE TRIGGER audit_log_whole BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
