"""What a product looks like from outside."""

from __future__ import annotations

from crm.typed import Recorded, amount, day, flag, key, line, number


class ProductSchema(Recorded):
    """One model: prices in yen without tax, terms in months, the consumable's cycle in days."""

    code = line(60, required=True)
    name = line(200, required=True)
    name_kana = line(200)
    category = line(60)
    maker = line(100)
    installable = flag()
    serialised = flag()
    list_price = amount(allow_none=True)
    maintenance_price = amount(allow_none=True)
    warranty_months = number(0, 600, allow_none=True)
    expected_life_months = number(1, 1200, allow_none=True)
    inspection_interval_months = number(1, 600, allow_none=True)
    consumable_cycle_days = number(1, 3650, allow_none=True)
    end_of_sale_on = day(allow_none=True)
    end_of_support_on = day(allow_none=True)
    parts_supply_end_on = day(allow_none=True)
    successor_id = key(allow_none=True)
