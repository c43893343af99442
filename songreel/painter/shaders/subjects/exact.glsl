// ---- choosing what the subject's small picture shows ------------------------------------------------------------

float sj_person(vec2 q) {
    if (subject_id == SJ_WALKER) return sj_walker(q);
    if (subject_id == SJ_DANCER) return sj_dancer(q);
    if (subject_id == SJ_COUPLE) return sj_couple(q);
    if (subject_id == SJ_SINGER) return sj_singer(q);
    if (subject_id == SJ_GUITARIST) return sj_guitarist(q);
    return sj_astronaut(q);
}

float sj_creature(vec2 q) {
    if (subject_id == SJ_BIRDS) return sj_birds(q);
    if (subject_id == SJ_WHALE) return sj_whale(q);
    if (subject_id == SJ_WOLF) return sj_wolf(q);
    if (subject_id == SJ_HORSE) return sj_horse(q);
    return sj_butterfly(q);
}

float sj_thing(vec2 q) {
    if (subject_id == SJ_BOAT) return sj_boat(q);
    if (subject_id == SJ_CAR) return sj_car(q);
    if (subject_id == SJ_TRAIN) return sj_train(q);
    if (subject_id == SJ_BALLOON) return sj_balloon(q);
    if (subject_id == SJ_TREE) return sj_tree(q);
    if (subject_id == SJ_LIGHTHOUSE) return sj_lighthouse(q);
    if (subject_id == SJ_HOUSE) return sj_house(q);
    if (subject_id == SJ_SHIP) return sj_ship(q);
    return sj_rocket(q);
}

float sj_symbol(vec2 q) {
    if (subject_id == SJ_FLOWER) return sj_flower(q);
    if (subject_id == SJ_DOOR) return sj_door(q);
    if (subject_id == SJ_FISH) return sj_fish(q);
    if (subject_id == SJ_HEART) return sj_heart(q);
    if (subject_id == SJ_EYE) return sj_eye(q);
    return sj_moon(q);
}

float sj_musician(vec2 q) {
    if (subject_id == SJ_DRUMMER) return sj_drummer(q);
    return subject_id == SJ_PIANIST ? sj_pianist(q) : sj_dj(q);
}

bool sj_is_person() { return (subject_id >= SJ_WALKER && subject_id <= SJ_GUITARIST) || subject_id == SJ_ASTRONAUT; }

bool sj_is_creature() {
    return subject_id == SJ_BIRDS || subject_id == SJ_WHALE || subject_id == SJ_WOLF || subject_id == SJ_HORSE || subject_id == SJ_BUTTERFLY;
}

float subject(vec2 q) {
    if (subject_id <= 0 || subject_id > SJ_MOON) return 9.0;
    float room = sj_box(q, vec2(0.0, 0.55), vec2(subject_half_width(), 0.68));
    if (room > 0.03) return room + 0.02;
    if (sj_is_person()) return sj_person(q);
    if (subject_id >= SJ_DRUMMER) return subject_id <= SJ_DJ ? sj_musician(q) : sj_symbol(q);
    return sj_is_creature() ? sj_creature(q) : sj_thing(q);
}

float subject_rear(vec2 q) {
    if (subject_id != SJ_CAR) return subject(q);
    float room = sj_box(q, vec2(0.0, 0.5), vec2(0.6, 0.5));
    if (room > 0.03) return room + 0.02;
    return sj_car_rear(q);
}

vec2 subject_lights(vec2 q) {
    if (subject_id == SJ_CAR) return sj_car_glow(q);
    if (subject_id == SJ_TRAIN) return sj_train_glow(q);
    if (subject_id == SJ_LIGHTHOUSE) return vec2(sj_lighthouse_glow(q), 0.0);
    if (subject_id == SJ_HOUSE) return vec2(sj_house_glow(q), 0.0);
    if (subject_id == SJ_BALLOON) return vec2(sj_balloon_glow(q), 0.0);
    if (subject_id == SJ_ROCKET) return vec2(sj_rocket_glow(q), 0.0);
    if (subject_id == SJ_ASTRONAUT) return vec2(sj_astronaut_glow(q), 0.0);
    if (subject_id == SJ_DJ) return vec2(sj_dj_glow(q), 0.0);
    if (subject_id == SJ_FLOWER) return sj_flower_glow(q);
    if (subject_id == SJ_DOOR) return vec2(sj_door_glow(q), 0.0);
    if (subject_id == SJ_HEART) return sj_heart_glow(q);
    if (subject_id == SJ_EYE) return sj_eye_glow(q);
    if (subject_id == SJ_MOON) return sj_moon_glow(q);
    return vec2(0.0);
}

vec4 subject_drawn(vec2 q) { return vec4(subject(q), subject_lights(q), subject_rear(q)); }
