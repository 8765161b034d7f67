import type { Query } from '../../src/core/database.ts'

/** Everything a schema is made of, a line each; the order of columns does not count. */
const describeSchema = `
with ours as (select oid, nspname from pg_namespace where nspname in ('public', 'drizzle', 'pgboss'))
select line from (
  select format('column %s.%s %s %s %s %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) as line
  from pg_attribute a join pg_class c on c.oid = a.attrelid join ours n on n.oid = c.relnamespace
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped
  union all select format('relation %s %s.%s', c.relkind, n.nspname, c.relname)
  from pg_class c join ours n on n.oid = c.relnamespace
  union all select format('index %s', pg_get_indexdef(i.indexrelid))
  from pg_index i join pg_class c on c.oid = i.indexrelid join ours n on n.oid = c.relnamespace
  union all select format('constraint %s %s %s', k.conname, k.conrelid::regclass, pg_get_constraintdef(k.oid))
  from pg_constraint k join ours n on n.oid = k.connamespace
  union all select format('trigger %s', pg_get_triggerdef(t.oid))
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join ours n on n.oid = c.relnamespace
  where not t.tgisinternal
  union all select format('function %s', pg_get_functiondef(p.oid))
  from pg_proc p join ours n on n.oid = p.pronamespace where p.prokind = 'f'
  union all select format('type %s.%s', n.nspname, t.typname)
  from pg_type t join ours n on n.oid = t.typnamespace
  union all select format('migration %s %s', created_at, hash) from drizzle.__drizzle_migrations
) found order by line`

/** A migrated database's schema as text: the same text, the same schema. */
export const readSchema = async (query: Query): Promise<string> =>
  (await query<{ line: string }>(describeSchema)).map(({ line }) => line).join('\n')
