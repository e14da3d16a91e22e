-- A network of %(dealers)s dealers and %(articles)s articles without chance in it, so that two runs are of one world:
-- 21 regions in two levels, 280 categories in three; a base list with breaks for every fifth article, a list for every region
-- with a twentieth of the articles, an own list of 50 articles for every tenth dealer; five contracts for every dealer, 50
-- promotions; a tier for every dealer.
INSERT INTO accounts_region (id, code, name_ru, name_en, parent_id, path, timezone)
    SELECT n, 'r' || n, 'Р' || n, 'R' || n, CASE WHEN n > 1 THEN 1 END, CASE WHEN n > 1 THEN '/1/' || n || '/' ELSE '/1/' END, 'Europe/Moscow'
    FROM generate_series(1, 21) n;
INSERT INTO accounts_dealer (id, code, name, town, home_region_id, currency, is_active, created_at)
    SELECT n, 'd' || n, 'Dealer ' || n, '', 2 + n %% 20, 'RUB', true, now() FROM generate_series(1, %(dealers)s) n;
INSERT INTO catalog_category (id, code, name_ru, name_en, parent_id, path, position)
    SELECT n, 'c' || n, 'К' || n, 'C' || n, CASE WHEN n > 10 THEN n / 10 END,
        CASE WHEN n > 100 THEN '/' || n / 100 || '/' || n / 10 || '/' || n || '/' WHEN n > 10 THEN '/' || n / 10 || '/' || n || '/'
        ELSE '/' || n || '/' END, 0
    FROM generate_series(1, 999) n WHERE n %% 5 = 0 OR n < 100;
INSERT INTO catalog_product (id, sku, sku_key, mpn, name_ru, name_en, sort_key_ru, sort_key_en, category_id, unit, pack, tax_rate,
        state, backorder, description_ru, description_en, attributes, picture, created_at, updated_at)
    SELECT n, 'S-' || n, 's' || n, '', 'Товар ' || n, 'Article ' || n, '', '', 100 + n %% 180 * 5, 'pcs', 1, 22, 'active', false, '', '', '{}',
        '', now(), now()
    FROM generate_series(1, %(articles)s) n;
INSERT INTO pricing_pricelist (id, code, name_ru, name_en, scope, region_id, dealer_id, currency, tax_included)
    SELECT 1, 'base', 'Основной', 'Base', 'base', NULL::bigint, NULL::bigint, 'RUB', false
    UNION ALL SELECT 1 + n, 'r' || n, 'Р' || n, 'R' || n, 'region', n, NULL, 'RUB', false FROM generate_series(1, 21) n
    UNION ALL SELECT 100 + n, 'd' || n, 'Д' || n, 'D' || n, 'dealer', NULL, n, 'RUB', false FROM generate_series(1, %(dealers)s) n WHERE n %% 10 = 1;
INSERT INTO pricing_pricelistversion (id, price_list_id, number, validity, published_at, source, created_at, scope_key)
    SELECT id, id, 1, daterange('2026-01-01', NULL), now(), '', now(), id FROM pricing_pricelist;
INSERT INTO pricing_price (version_id, product_id, min_quantity, amount)
    SELECT 1, a, q, 100 + a %% 9000 - q FROM generate_series(1, %(articles)s) a, unnest(ARRAY[1, 5, 20]) q WHERE q = 1 OR a %% 5 = 0
    UNION ALL SELECT 1 + r, a, 1, 90 + a %% 9000 FROM generate_series(1, %(articles)s) a, generate_series(1, 21) r WHERE (a + r) %% 20 = 0
    UNION ALL SELECT 100 + d, a, 1, 80 + a %% 9000 FROM generate_series(1, %(dealers)s) d, generate_series(1, 50) a WHERE d %% 10 = 1;
INSERT INTO pricing_contract (dealer_id, name_ru, name_en, product_id, category_id, percent, tax_included, validity, published_at,
        created_at, currency, quantities, amounts, forbids_discounts)
    SELECT d, 'Договор', 'Contract', CASE WHEN n > 2 THEN 1 + (d * 7 + n) %% 200 END, CASE WHEN n <= 2 THEN 10 + (d + n) %% 80 END, 3, false,
        daterange('2026-01-01', NULL), now(), now(), 'RUB', '{}', '{}', n = 1
    FROM generate_series(1, %(dealers)s) d, generate_series(1, 5) n;
INSERT INTO pricing_promotion (name_ru, name_en, product_id, category_id, percent, tax_included, validity, published_at, created_at,
        currency, combines)
    SELECT 'Акция', 'Offer', CASE WHEN n > 20 THEN n * 3 END, CASE WHEN n BETWEEN 2 AND 20 THEN 10 + n END, 2, false,
        daterange('2026-01-01', NULL), now(), now(), '', n %% 2 = 0
    FROM generate_series(1, 50) n;
INSERT INTO programme_programme (id, code, name_ru, name_en, currency, validity, measure, "window", window_months, evaluation,
        grace_months, evaluated_on)
    VALUES (1, 'p', 'П', 'P', 'RUB', daterange('2026-01-01', NULL), 'shipped', 'rolling', 12, 'monthly', 0, '2026-11-01');
INSERT INTO programme_tier (id, programme_id, code, name_ru, name_en, threshold, discount, benefits_ru, benefits_en, benefits_page)
    SELECT n, 1, 't' || n, 'У' || n, 'T' || n, n * 1000, n * 2, '', '', '' FROM generate_series(1, 5) n;
INSERT INTO programme_tieraward (dealer_id, programme_id, tier_id, validity, reason, note)
    SELECT n, 1, 1 + n %% 5, daterange('2026-01-01', NULL), 'volume', '' FROM generate_series(1, %(dealers)s) n;
