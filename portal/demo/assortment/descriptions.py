"""What editors say about each shelf: a description shared by the articles of a category."""

from .base import Words

_TEXTS: dict[str, tuple[str, str]] = {
    "drill-drivers": ("Дрель-шуруповёрт для монтажа и сборки: две скорости, ступени момента, быстрозажимной патрон и подсветка рабочего места. Работает от любого аккумулятора своей платформы.", "A drill driver for fitting and assembly: two gears, torque steps, a keyless chuck and a work light. It runs on any battery of its platform."),
    "impact-wrenches": ("Гайковёрт для шиномонтажа и металлоконструкций: три силы удара и режим, который сам останавливается на снятии гайки.", "An impact wrench for tyre shops and steelwork: three impact settings and a mode that stops by itself once the nut is off."),
    "impact-drivers": ("Винтовёрт (импакт) с шестигранником 1/4″: крутит длинные саморезы без предварительного сверления и не выворачивает кисть.", "An impact driver with a 1/4″ hex: it drives long screws without pilot holes and spares the wrist."),
    "drills": ("Сетевая ударная дрель: металлический редуктор, реверс, ограничитель глубины и боковая рукоятка в комплекте.", "A corded impact drill with a metal gearbox, reverse, a depth stop and a side handle."),
    "rotary-hammers": ("Перфоратор с предохранительной муфтой и тремя режимами: сверление, удар с вращением, долбление. Кабель с муфтой меняется без разборки корпуса.", "A rotary hammer with a safety clutch and three modes: drilling, hammer drilling, chiselling. The cord changes without opening the housing."),
    "breakers": ("Отбойный молоток для демонтажа: пылезащищённый ударный механизм, гашение вибрации, замок пуска для долгой работы.", "A demolition hammer with a dust-sealed mechanism, vibration damping and a lock-on switch for long work."),
    "angle-grinders": ("Угловая шлифмашина (болгарка) с плавным пуском и защитой от повторного включения. Кожух поворачивается без ключа, щётки меняются снаружи.", "An angle grinder with soft start and restart protection. The guard turns without a key, brushes change from outside."),
    "sanders": ("Шлифмашина с низкой вибрацией и мешком для пыли; подключается к строительному пылесосу.", "A low-vibration sander with a dust bag; it connects to a dust extractor."),
    "jigsaws": ("Лобзик с маятниковым ходом и заменой пилки без ключа. Подошва наклоняется до 45°.", "A jigsaw with orbital action and keyless blade change. The base tilts to 45°."),
    "saws": ("Пила для раскроя досок, плит и труб: регулировка глубины и угла, сдув опилок, блокировка случайного пуска.", "A saw for boards, panels and pipes: adjustable depth and angle, a blower for the line of cut, a lock against accidental start."),
    "routers-planers": ("Машина для точной обработки дерева: настройка с шагом в десятую долю миллиметра и отвод стружки.", "A machine for exact woodwork: set in tenths of a millimetre, with chip extraction."),
    "heat-guns": ("Строительный фен: два режима обдува, защита от перегрева, подставка для работы без рук.", "A heat gun with two air settings, overheating protection and a stand for hands-free work."),
    "mixers": ("Миксер для растворов и смесей: низкие обороты, высокий момент, разборная насадка.", "A mixer for mortars and compounds: low speed, high torque, a paddle that comes apart."),
    "extractors": ("Строительный пылесос с розеткой для инструмента и встряхиванием фильтра; для сухой пыли и воды.", "A dust extractor with a socket for the tool and filter shaking; for dry dust and for water."),
    "garden": ("Садовая машина для ухода за участком: запускается без усилия, хранится на стене, чистится водой.", "A garden machine that starts without effort, hangs on a wall and is cleaned with water."),
    "batteries": ("Li-ion аккумулятор с индикатором заряда и защитой от перегрузки, перегрева и глубокого разряда. Подходит ко всем машинам своего напряжения.", "A Li-ion battery with a charge indicator and protection from overload, heat and deep discharge. It fits every machine of its voltage."),
    "chargers": ("Зарядное устройство с обдувом и контролем температуры: ждёт, пока холодный аккумулятор согреется, и вовремя останавливается.", "A charger with a fan and temperature control: it waits until a cold battery is warm and stops in time."),
    "cutting-discs": ("Армированный отрезной диск. Отпускается упаковкой, срок годности три года от даты на кольце.", "A reinforced cutting disc. Sold by the pack; use within three years of the date on its ring."),
    "grinding-discs": ("Диск для зачистки швов, кромок и ржавчины. Работает всей плоскостью, не засаливается.", "A disc for welds, edges and rust. It works with its whole face and does not clog."),
    "diamond-discs": ("Алмазный диск для сухого и мокрого реза. Направление вращения указано стрелкой.", "A diamond disc for dry and wet cutting. An arrow shows the direction of rotation."),
    "saw-blades": ("Пильный диск с твердосплавными зубьями и прорезями против шума и перегрева.", "A saw blade with carbide teeth and slots against noise and heat."),
    "metal-drill-bits": ("Шлифованное сверло с крестовой подточкой: не уходит от кернения, держит размер.", "A ground drill bit with a split point: it does not wander and keeps its size."),
    "wood-drill-bits": ("Сверло с центром и подрезателями для чистого отверстия в дереве и плите.", "A bit with a centre point and spurs for a clean hole in wood and board."),
    "hammer-bits": ("Оснастка для перфоратора и молотка: твердосплавная головка, спираль с быстрым отводом пыли.", "An accessory for hammers: a carbide head and a flute that clears dust quickly."),
    "screwdriver-bits": ("Бита из стали S2: упругая, не срезает шлиц. Подходит к ударным машинам.", "A bit of S2 steel: springy, kind to the screw. Fits impact machines."),
    "sockets": ("Ударная головка из хромомолибденовой стали с отверстием под фиксатор.", "An impact socket of chrome-molybdenum steel with a hole for the retainer."),
    "jigsaw-blades": ("Сменные полотна; материал и чистота реза указаны в названии.", "Replacement blades; material and finish are in the name."),
    "hole-saws": ("Коронка для ровных отверстий под трубы, розетки и петли.", "A hole saw for clean holes for pipes, sockets and hinges."),
    "abrasives": ("Абразив на прочной основе с равномерным зерном; отверстия под отвод пыли там, где они нужны.", "An abrasive on a strong backing with even grain, and dust holes where they are needed."),
    "wire-brushes": ("Щётка для снятия ржавчины, краски и окалины.", "A brush for rust, paint and scale."),
    "carbon-brushes": ("Угольные щётки комплектом на машину. Щётки с отстрелом сами отключают двигатель, когда изношены.", "Carbon brushes, a set for one machine. Auto-stop brushes cut the motor off when they are worn."),
    "bearings": ("Шариковый подшипник закрытого типа, заправлен смазкой на весь срок службы.", "A sealed ball bearing, greased for life."),
    "armatures": ("Якорь или ротор завода-изготовителя, отбалансирован. Меняйте вместе со щётками.", "An original armature or rotor, balanced. Change the brushes with it."),
    "stators": ("Статор завода-изготовителя с пропиткой обмотки.", "An original stator with an impregnated winding."),
    "switches": ("Выключатель завода-изготовителя; схема подключения на корпусе детали.", "An original switch; the wiring diagram is on its housing."),
    "gears": ("Зубчатая пара или редуктор; при установке замените смазку.", "Gears or a gearbox; renew the grease when you fit it."),
    "chucks": ("Деталь рабочего узла: перед заменой проверьте подшипник и вал.", "A part of the working end: check the bearing and the shaft before you replace it."),
    "housings": ("Корпусная деталь завода-изготовителя.", "An original housing part."),
    "electronics": ("Плата или кабель завода-изготовителя, проверены на стенде.", "An original board or cord, tested on the bench."),
    "seals": ("Уплотнение из маслостойкой резины.", "A seal of oil-resistant rubber."),
    "lubricants": ("Смазка для сервиса и ухода за инструментом.", "A lubricant for service and care."),
    "measuring": ("Измерительный инструмент с поверкой завода; батареи в комплекте, если они нужны.", "A measuring tool checked at the factory; batteries included where needed."),
    "storage": ("Кейсы и сумки одного размера, складываются в башню и закрепляются.", "Cases and bags of one size that stack and lock."),
    "protection": ("Средство защиты для работы с инструментом.", "Protection for work with tools."),
    "power-tools": ("Аккумуляторный фонарь с двумя режимами яркости и крюком.", "A cordless work light with two levels and a hook."),
}  # fmt: skip
_KIT = Words(" В комплекте кейс.", " Comes in a case.")


def description(category: str, drawing: str) -> Words:
    """The text of a category, with a word on the case where the article is sold in one."""
    ru, en = _TEXTS[category]
    return Words(ru + _KIT.ru, en + _KIT.en) if drawing.endswith(":kit") else Words(ru, en)
